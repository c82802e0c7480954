-- Second step: params with versions, the decision ledger, and the tables of the domain with all their columns.
-- Only projections are made anew here; whoever applies this step fills them from the journal in the same transaction.
DROP TABLE decisions;
DROP TABLE params;
DROP TABLE params_history;
DROP TABLE positions;
DROP TABLE orders;
DROP TABLE fills;
DROP TABLE events;

CREATE TABLE decisions (
  signal_id INTEGER PRIMARY KEY,
  wave_time INTEGER NOT NULL,
  symbol TEXT NOT NULL,
  exchange TEXT NOT NULL,
  venue TEXT,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  score REAL NOT NULL,
  fate TEXT NOT NULL CHECK (fate IN ('pending', 'awaiting', 'refused', 'unused', 'opening', 'executed', 'failed')),
  reason TEXT,
  provider_mode TEXT CHECK (provider_mode IN ('observe', 'paper', 'approve', 'auto')),
  position_id TEXT,
  price TEXT,
  price_age_ms REAL,
  rank INTEGER,
  decided_at INTEGER NOT NULL,
  correlation_id TEXT NOT NULL,
  image TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_by_wave ON decisions (wave_time, rank);
-- The wide ones carry every column the ledger filters by: counting and paging read one of them alone.
CREATE INDEX decisions_by_time ON decisions (decided_at, fate, reason, exchange, symbol);
CREATE INDEX decisions_by_reason ON decisions (reason, decided_at, fate, exchange, symbol);
CREATE INDEX decisions_by_exchange ON decisions (exchange, decided_at, fate, reason, symbol);
CREATE INDEX decisions_by_fate ON decisions (fate, decided_at);
CREATE INDEX decisions_by_symbol ON decisions (symbol, decided_at);
CREATE INDEX decisions_by_provider_mode ON decisions (provider_mode, decided_at);

-- How many decisions of each kind there are, so that a total needs no walk over all of them.
CREATE TABLE decision_counts (
  bucket TEXT PRIMARY KEY,
  exchange TEXT NOT NULL,
  symbol TEXT NOT NULL,
  fate TEXT NOT NULL,
  reason TEXT,
  count INTEGER NOT NULL CHECK (count > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER decision_counted AFTER INSERT ON decisions
BEGIN
  INSERT INTO decision_counts VALUES (
    NEW.exchange || '|' || NEW.symbol || '|' || NEW.fate || '|' || coalesce(NEW.reason, ''),
    NEW.exchange, NEW.symbol, NEW.fate, NEW.reason, 1)
  ON CONFLICT (bucket) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER decision_counted_again AFTER UPDATE OF exchange, symbol, fate, reason ON decisions
WHEN OLD.exchange IS NOT NEW.exchange OR OLD.symbol IS NOT NEW.symbol
  OR OLD.fate IS NOT NEW.fate OR OLD.reason IS NOT NEW.reason
BEGIN
  DELETE FROM decision_counts WHERE count = 1 AND
    bucket = OLD.exchange || '|' || OLD.symbol || '|' || OLD.fate || '|' || coalesce(OLD.reason, '');
  UPDATE decision_counts SET count = count - 1 WHERE count > 1 AND
    bucket = OLD.exchange || '|' || OLD.symbol || '|' || OLD.fate || '|' || coalesce(OLD.reason, '');
  INSERT INTO decision_counts VALUES (
    NEW.exchange || '|' || NEW.symbol || '|' || NEW.fate || '|' || coalesce(NEW.reason, ''),
    NEW.exchange, NEW.symbol, NEW.fate, NEW.reason, 1)
  ON CONFLICT (bucket) DO UPDATE SET count = count + 1;
END;

-- The same without symbol and exchange: what the ledger shows beside every page.
CREATE TABLE decision_totals (
  bucket TEXT PRIMARY KEY,
  fate TEXT NOT NULL,
  reason TEXT,
  count INTEGER NOT NULL CHECK (count > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER decision_bucket_made AFTER INSERT ON decision_counts
BEGIN
  INSERT INTO decision_totals VALUES (NEW.fate || '|' || coalesce(NEW.reason, ''), NEW.fate, NEW.reason, NEW.count)
  ON CONFLICT (bucket) DO UPDATE SET count = count + NEW.count;
END;
CREATE TRIGGER decision_bucket_changed AFTER UPDATE OF count ON decision_counts
BEGIN
  UPDATE decision_totals SET count = count + NEW.count - OLD.count
  WHERE bucket = NEW.fate || '|' || coalesce(NEW.reason, '');
END;
CREATE TRIGGER decision_bucket_gone AFTER DELETE ON decision_counts
BEGIN
  DELETE FROM decision_totals WHERE count = OLD.count AND bucket = OLD.fate || '|' || coalesce(OLD.reason, '');
  UPDATE decision_totals SET count = count - OLD.count
  WHERE count > OLD.count AND bucket = OLD.fate || '|' || coalesce(OLD.reason, '');
END;

-- `image` is null until something was said about the exchange.
CREATE TABLE params (
  exchange_id INTEGER PRIMARY KEY CHECK (exchange_id BETWEEN 1 AND 6),
  max_trades_filter INTEGER CHECK (max_trades_filter > 0),
  stop_loss_filter TEXT CHECK (CAST(stop_loss_filter AS REAL) > 0
    AND stop_loss_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  trailing_activation_filter TEXT CHECK (CAST(trailing_activation_filter AS REAL) > 0
    AND trailing_activation_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  trailing_distance_filter TEXT CHECK (CAST(trailing_distance_filter AS REAL) > 0
    AND trailing_distance_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  updated_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  exchange TEXT NOT NULL UNIQUE,
  wave_timestamp INTEGER,
  signal_id INTEGER,
  version INTEGER CHECK (version > 0),
  image TEXT
) STRICT;
CREATE INDEX params_by_change ON params (updated_at DESC);
CREATE TRIGGER params_creation_never_moves BEFORE UPDATE OF created_at ON params
WHEN OLD.created_at IS NOT NEW.created_at
BEGIN SELECT RAISE(ABORT, 'created_at never changes'); END;

CREATE TABLE params_history (
  id INTEGER PRIMARY KEY REFERENCES journal (seq),
  exchange_id INTEGER NOT NULL CHECK (exchange_id BETWEEN 1 AND 6),
  version INTEGER NOT NULL CHECK (version > 0),
  max_trades_filter INTEGER,
  stop_loss_filter TEXT,
  trailing_activation_filter TEXT,
  trailing_distance_filter TEXT,
  changed_at INTEGER NOT NULL,
  wave_timestamp INTEGER,
  signal_id INTEGER,
  source TEXT NOT NULL CHECK (source IN ('wave', 'lock', 'unlock', 'rollback')),
  significant TEXT NOT NULL CHECK (json_valid(significant)),
  image TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX params_history_by_version ON params_history (exchange_id, version);

CREATE TABLE positions (
  id TEXT PRIMARY KEY,
  signal_id INTEGER,
  wave_time INTEGER,
  symbol TEXT NOT NULL,
  exchange TEXT NOT NULL,
  venue TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('long', 'short')),
  intended_quantity TEXT NOT NULL,
  quantity TEXT NOT NULL CHECK (quantity NOT LIKE '-%'),
  entry_price TEXT,
  exit_price TEXT,
  stop_loss_price TEXT,
  -- Prices are not in the journal, and no take-profit order is placed: unknown is null.
  current_price TEXT,
  take_profit_price TEXT,
  unrealized_pnl TEXT,
  realized_pnl TEXT NOT NULL,
  pnl_percentage TEXT CHECK (pnl_percentage GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  fees TEXT NOT NULL CHECK (json_valid(fees)),
  status TEXT NOT NULL CHECK (status IN
    ('pending_entry', 'entry_placed', 'pending_sl', 'active', 'closing', 'closed', 'failed', 'rolled_back', 'phantom')),
  exit_reason TEXT,
  has_stop_loss INTEGER NOT NULL CHECK (has_stop_loss IN (0, 1)),
  has_trailing_stop INTEGER NOT NULL CHECK (has_trailing_stop IN (0, 1)),
  trailing_activated INTEGER NOT NULL CHECK (trailing_activated IN (0, 1)),
  stop_loss_percent TEXT NOT NULL CHECK (stop_loss_percent GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  trailing_activation_percent TEXT NOT NULL
    CHECK (trailing_activation_percent GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  trailing_callback_percent TEXT NOT NULL CHECK (trailing_callback_percent GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  stop_client_order_id TEXT,
  -- Of the newest entry order.
  exchange_order_id TEXT,
  client_order_id TEXT,
  -- Tries after the first, of the order that needed most.
  retry_count INTEGER NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
  error_details TEXT CHECK (json_valid(error_details)),
  last_error_at INTEGER,
  leverage TEXT,
  params_version INTEGER,
  naked_since INTEGER,
  note TEXT,
  correlation_id TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  image TEXT NOT NULL
) STRICT;
-- The last guard against buying the same thing twice: two open positions of one symbol on one exchange cannot be
-- written. A paper position may stand beside a real one.
CREATE UNIQUE INDEX one_open_position_per_symbol ON positions (exchange, symbol)
  WHERE status IN ('pending_entry', 'entry_placed', 'pending_sl', 'active', 'closing') AND venue NOT GLOB '*_paper';
CREATE UNIQUE INDEX one_open_paper_position_per_symbol ON positions (exchange, symbol)
  WHERE status IN ('pending_entry', 'entry_placed', 'pending_sl', 'active', 'closing') AND venue GLOB '*_paper';
CREATE INDEX positions_by_time ON positions (opened_at);
CREATE INDEX positions_by_signal ON positions (signal_id);

CREATE TABLE orders (
  client_order_id TEXT PRIMARY KEY CHECK (length(client_order_id) BETWEEN 1 AND 36),
  seq INTEGER NOT NULL REFERENCES journal (seq),
  id INTEGER GENERATED ALWAYS AS (seq) VIRTUAL,
  position_id TEXT NOT NULL,
  exchange TEXT NOT NULL,
  venue TEXT NOT NULL,
  symbol TEXT NOT NULL,
  order_id TEXT,
  leg TEXT NOT NULL CHECK (leg IN ('entry', 'stop', 'exit')),
  attempt INTEGER NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('market', 'limit', 'stop-market', 'take-profit-market', 'trailing-stop')),
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  size TEXT,
  price TEXT,
  trigger_price TEXT,
  average_price TEXT,
  status TEXT NOT NULL CHECK (status IN ('intended', 'sent', 'unknown', 'open', 'partially_filled',
    'filled', 'cancelled', 'rejected', 'expired', 'absent')),
  filled TEXT NOT NULL,
  remaining TEXT,
  -- Of all its fills; null while one fee is unknown or they are in several currencies.
  fee TEXT,
  fee_currency TEXT,
  note TEXT,
  expires_at INTEGER,
  intended_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  image TEXT NOT NULL,
  CHECK ((fee IS NULL) = (fee_currency IS NULL))
) STRICT;
CREATE INDEX orders_by_time ON orders (intended_at, seq);
CREATE INDEX orders_by_position ON orders (position_id, leg, attempt);
CREATE INDEX orders_by_status ON orders (status);
CREATE INDEX orders_by_venue_id ON orders (venue, order_id);

CREATE TABLE fills (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  venue TEXT NOT NULL,
  exchange TEXT NOT NULL,
  market TEXT NOT NULL CHECK (market IN ('spot', 'future', 'paper')),
  symbol TEXT NOT NULL,
  trade_id TEXT NOT NULL CHECK (length(trade_id) > 0),
  order_id TEXT NOT NULL,
  client_order_id TEXT,
  position_id TEXT,
  side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  amount TEXT NOT NULL,
  price TEXT NOT NULL,
  cost TEXT NOT NULL,
  fee_cost TEXT,
  fee_currency TEXT,
  is_maker INTEGER CHECK (is_maker IN (0, 1)),
  timestamp INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  image TEXT NOT NULL,
  CHECK ((fee_cost IS NULL) = (fee_currency IS NULL))
) STRICT;
-- A fill counts once, for ever.
CREATE UNIQUE INDEX one_row_per_fill ON fills (venue, symbol, trade_id);
CREATE INDEX fills_by_time ON fills (timestamp, seq);
CREATE INDEX fills_by_venue_time ON fills (venue, timestamp);
CREATE INDEX fills_by_position ON fills (position_id);
CREATE INDEX fills_by_order ON fills (client_order_id);
CREATE INDEX fills_by_venue_order ON fills (venue, order_id);

-- Fills under the domain's names. Which way a fill was learnt is not recorded.
CREATE VIEW trades AS
  SELECT seq AS id, exchange, market, symbol, trade_id AS exchange_trade_id, order_id, side, amount, price, cost,
    fee_cost, fee_currency, timestamp, is_maker, NULL AS source, image AS raw
  FROM fills;

-- One row per open position that has a trailing stop; it goes with its position and can never serve the next one.
CREATE TABLE trailing_stop_state (
  position_id TEXT PRIMARY KEY,
  symbol TEXT NOT NULL,
  exchange TEXT NOT NULL,
  venue TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('inactive', 'waiting', 'active', 'triggered')),
  is_activated INTEGER NOT NULL CHECK (is_activated IN (0, 1)),
  highest_price TEXT,
  lowest_price TEXT,
  current_stop_price TEXT,
  stop_order_id TEXT,
  activation_price TEXT NOT NULL,
  activation_percent TEXT NOT NULL,
  callback_percent TEXT NOT NULL,
  entry_price TEXT,
  side TEXT NOT NULL CHECK (side IN ('long', 'short')),
  quantity TEXT NOT NULL,
  update_count INTEGER NOT NULL,
  highest_profit_percent TEXT,
  activated_at INTEGER,
  last_update_time INTEGER NOT NULL,
  last_sl_update_time INTEGER,
  last_updated_sl_price TEXT,
  last_peak_save_time INTEGER NOT NULL,
  last_saved_peak_price TEXT NOT NULL,
  UNIQUE (symbol, exchange, venue)
) STRICT;

CREATE TABLE aged_positions (
  position_id TEXT PRIMARY KEY,
  symbol TEXT NOT NULL,
  exchange TEXT NOT NULL,
  entry_price TEXT,
  target_price TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('grace', 'progressive')),
  -- Hours of market time.
  hours_aged REAL NOT NULL,
  -- How far beyond the entry the target lies on the losing side.
  loss_tolerance TEXT CHECK (loss_tolerance GLOB '*[0-9].[0-9][0-9][0-9][0-9]')
) STRICT;

-- One line per journal row, for the events screen; the whole record stands in the journal under the same number.
CREATE TABLE events (
  id INTEGER PRIMARY KEY REFERENCES journal (seq),
  event_type TEXT NOT NULL,
  event_data TEXT NOT NULL CHECK (json_valid(event_data)),
  correlation_id TEXT,
  position_id TEXT,
  order_id TEXT,
  symbol TEXT,
  exchange TEXT,
  severity TEXT NOT NULL CHECK (severity IN ('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL')),
  error_message TEXT,
  stack_trace TEXT,
  created_at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
-- Carries what the screen filters by most: counting several conditions at once reads this index alone.
CREATE INDEX events_by_time ON events (created_at, event_type, severity, exchange, symbol);
CREATE INDEX events_by_type ON events (event_type, created_at);
CREATE INDEX events_by_symbol ON events (symbol, created_at);
CREATE INDEX events_by_exchange ON events (exchange, created_at);
CREATE INDEX events_by_severity ON events (severity, created_at);
CREATE INDEX events_by_position ON events (position_id, created_at);
CREATE INDEX events_by_correlation ON events (correlation_id, created_at);

-- Each refusal by a limit of the account, each limit that was found passed, each halt.
CREATE VIEW risk_violations AS
  SELECT id,
    CASE event_type WHEN 'decision_made' THEN event_data ->> '$.reason' ELSE event_type END AS violation_type,
    severity AS risk_level, text AS message, created_at AS timestamp
  FROM events
  WHERE event_type = 'risk_limits_exceeded'
    OR (event_type = 'halt_changed' AND severity = 'CRITICAL')
    OR (event_type = 'decision_made' AND event_data ->> '$.reason' IN ('kill_switch', 'halted', 'max_positions',
      'max_exposure', 'insufficient_balance', 'size_too_large', 'daily_loss', 'trades_per_day', 'leverage_too_high'));

-- The two exchanges that a new store starts with; nothing was said about them yet.
INSERT INTO params (exchange_id, exchange, created_at, updated_at)
  SELECT column1, column2, store_made_at(), store_made_at() FROM (VALUES (1, 'binance'), (2, 'bybit'));
