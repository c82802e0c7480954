-- The ledger by provider mode over a million decisions: its totals come from the counters, like all others, and the wide
-- indexes carry the mode, so that a mode beside another filter is read from one of them alone.
DROP TRIGGER decision_counted;
DROP TRIGGER decision_counted_again;
DROP TABLE decision_counts;
DROP TABLE decision_totals;
DROP INDEX decisions_by_time;
DROP INDEX decisions_by_reason;
DROP INDEX decisions_by_exchange;
DROP INDEX decisions_by_provider_mode;

-- The narrow one is for counting and paging by time alone.
CREATE INDEX decisions_by_moment ON decisions (decided_at);
CREATE INDEX decisions_by_time ON decisions (decided_at, fate, reason, exchange, symbol, provider_mode);
CREATE INDEX decisions_by_reason ON decisions (reason, decided_at, fate, exchange, symbol, provider_mode);
CREATE INDEX decisions_by_exchange ON decisions (exchange, decided_at, fate, reason, symbol, provider_mode);
CREATE INDEX decisions_by_provider_mode ON decisions (provider_mode, decided_at, fate, reason, exchange, symbol);
-- The same for the events screen.
CREATE INDEX events_by_moment ON events (created_at);

-- How many decisions of each kind there are, so that a total needs no walk over all of them.
CREATE TABLE decision_counts (
  bucket TEXT PRIMARY KEY,
  exchange TEXT NOT NULL,
  symbol TEXT NOT NULL,
  fate TEXT NOT NULL,
  reason TEXT,
  provider_mode TEXT,
  count INTEGER NOT NULL CHECK (count > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER decision_counted AFTER INSERT ON decisions
BEGIN
  INSERT INTO decision_counts VALUES (
    NEW.exchange || '|' || NEW.symbol || '|' || NEW.fate || '|' || coalesce(NEW.reason, '') || '|'
      || coalesce(NEW.provider_mode, ''),
    NEW.exchange, NEW.symbol, NEW.fate, NEW.reason, NEW.provider_mode, 1)
  ON CONFLICT (bucket) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER decision_counted_again AFTER UPDATE OF exchange, symbol, fate, reason, provider_mode ON decisions
WHEN OLD.exchange IS NOT NEW.exchange OR OLD.symbol IS NOT NEW.symbol OR OLD.fate IS NOT NEW.fate
  OR OLD.reason IS NOT NEW.reason OR OLD.provider_mode IS NOT NEW.provider_mode
BEGIN
  DELETE FROM decision_counts WHERE count = 1 AND
    bucket = OLD.exchange || '|' || OLD.symbol || '|' || OLD.fate || '|' || coalesce(OLD.reason, '') || '|'
      || coalesce(OLD.provider_mode, '');
  UPDATE decision_counts SET count = count - 1 WHERE count > 1 AND
    bucket = OLD.exchange || '|' || OLD.symbol || '|' || OLD.fate || '|' || coalesce(OLD.reason, '') || '|'
      || coalesce(OLD.provider_mode, '');
  INSERT INTO decision_counts VALUES (
    NEW.exchange || '|' || NEW.symbol || '|' || NEW.fate || '|' || coalesce(NEW.reason, '') || '|'
      || coalesce(NEW.provider_mode, ''),
    NEW.exchange, NEW.symbol, NEW.fate, NEW.reason, NEW.provider_mode, 1)
  ON CONFLICT (bucket) DO UPDATE SET count = count + 1;
END;

CREATE INDEX decision_counts_by_symbol ON decision_counts (symbol, exchange, fate, reason, provider_mode, count);

-- The same without the symbol: a few hundred rows, for every total that names none.
CREATE TABLE decision_totals (
  bucket TEXT PRIMARY KEY,
  exchange TEXT NOT NULL,
  fate TEXT NOT NULL,
  reason TEXT,
  provider_mode TEXT,
  count INTEGER NOT NULL CHECK (count > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER decision_bucket_made AFTER INSERT ON decision_counts
BEGIN
  INSERT INTO decision_totals VALUES (
    NEW.exchange || '|' || NEW.fate || '|' || coalesce(NEW.reason, '') || '|' || coalesce(NEW.provider_mode, ''),
    NEW.exchange, NEW.fate, NEW.reason, NEW.provider_mode, NEW.count)
  ON CONFLICT (bucket) DO UPDATE SET count = count + NEW.count;
END;
CREATE TRIGGER decision_bucket_changed AFTER UPDATE OF count ON decision_counts
BEGIN
  UPDATE decision_totals SET count = count + NEW.count - OLD.count
  WHERE bucket =
    NEW.exchange || '|' || NEW.fate || '|' || coalesce(NEW.reason, '') || '|' || coalesce(NEW.provider_mode, '');
END;
CREATE TRIGGER decision_bucket_gone AFTER DELETE ON decision_counts
BEGIN
  DELETE FROM decision_totals WHERE count = OLD.count AND bucket =
    OLD.exchange || '|' || OLD.fate || '|' || coalesce(OLD.reason, '') || '|' || coalesce(OLD.provider_mode, '');
  UPDATE decision_totals SET count = count - OLD.count WHERE count > OLD.count AND bucket =
    OLD.exchange || '|' || OLD.fate || '|' || coalesce(OLD.reason, '') || '|' || coalesce(OLD.provider_mode, '');
END;
