-- The truth: one row per fact, append-only, each row carrying the hash of the one before.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  at_wall INTEGER NOT NULL,
  at_market INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  body TEXT NOT NULL CHECK (json_valid(body)),
  prev_hash TEXT NOT NULL CHECK (length(prev_hash) = 64),
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER journal_rows_never_change BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_rows_never_go BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Where the chain ends, so that rows cut off its end show too.
CREATE TABLE journal_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
INSERT INTO journal_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Values that survive restarts and are no facts (install prefix, layout).
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- From here on: projections. Each is rebuilt from the journal alone; `image` is the whole object as JSON.
-- Money is decimal text, percentages decimal text with exactly 4 places, times are milliseconds since 1970.

CREATE TABLE signals (
  id INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL REFERENCES journal (seq),
  symbol TEXT NOT NULL,
  exchange TEXT NOT NULL,
  exchange_id INTEGER NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('buy', 'sell')),
  score_week REAL NOT NULL,
  score_month REAL NOT NULL,
  wave_time INTEGER NOT NULL,
  created_at INTEGER,
  received_at INTEGER NOT NULL,
  correlation_id TEXT NOT NULL,
  image TEXT NOT NULL
) STRICT;
CREATE INDEX signals_by_wave ON signals (wave_time);
CREATE INDEX signals_by_correlation ON signals (correlation_id);

CREATE TABLE waves (
  wave_time INTEGER PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('processing', 'completed', 'not_found', 'failed')),
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  signal_count INTEGER NOT NULL CHECK (signal_count >= 0),
  result TEXT NOT NULL CHECK (json_valid(result)),
  note TEXT,
  image TEXT NOT NULL
) STRICT;

CREATE TABLE decisions (
  signal_id INTEGER PRIMARY KEY,
  wave_time INTEGER NOT NULL,
  symbol TEXT NOT NULL,
  exchange TEXT NOT NULL,
  venue TEXT,
  fate TEXT NOT NULL CHECK (fate IN ('pending', 'refused', 'unused', 'opening', 'executed', 'failed')),
  reason TEXT,
  position_id TEXT,
  price TEXT,
  price_age_ms REAL,
  rank INTEGER,
  decided_at INTEGER NOT NULL,
  correlation_id TEXT NOT NULL,
  image TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_by_wave ON decisions (wave_time, rank);
CREATE INDEX decisions_by_time ON decisions (decided_at);
CREATE INDEX decisions_by_fate ON decisions (fate);

CREATE TABLE params (
  exchange_id INTEGER PRIMARY KEY CHECK (exchange_id BETWEEN 1 AND 6),
  exchange TEXT NOT NULL UNIQUE,
  max_trades_filter INTEGER,
  stop_loss_filter TEXT CHECK (stop_loss_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  trailing_activation_filter TEXT CHECK (trailing_activation_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  trailing_distance_filter TEXT CHECK (trailing_distance_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  wave_timestamp INTEGER,
  signal_id INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  image TEXT NOT NULL
) STRICT;

CREATE TABLE params_history (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  exchange_id INTEGER NOT NULL CHECK (exchange_id BETWEEN 1 AND 6),
  max_trades_filter INTEGER,
  stop_loss_filter TEXT CHECK (stop_loss_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  trailing_activation_filter TEXT CHECK (trailing_activation_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  trailing_distance_filter TEXT CHECK (trailing_distance_filter GLOB '*[0-9].[0-9][0-9][0-9][0-9]'),
  changed_at INTEGER NOT NULL,
  wave_timestamp INTEGER,
  signal_id INTEGER,
  source TEXT NOT NULL CHECK (source IN ('wave', 'lock', 'unlock'))
) STRICT;
CREATE INDEX params_history_by_exchange ON params_history (exchange_id, changed_at);

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
  realized_pnl TEXT NOT NULL,
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
  leverage TEXT,
  naked_since INTEGER,
  note TEXT,
  correlation_id TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  image TEXT NOT NULL
) STRICT;
-- The last guard against buying the same thing twice: two open positions of one symbol on one exchange cannot be written.
CREATE UNIQUE INDEX one_open_position_per_symbol ON positions (exchange, symbol)
  WHERE status IN ('pending_entry', 'entry_placed', 'pending_sl', 'active', 'closing');
CREATE INDEX positions_by_time ON positions (opened_at);
CREATE INDEX positions_by_signal ON positions (signal_id);

CREATE TABLE orders (
  client_order_id TEXT PRIMARY KEY CHECK (length(client_order_id) BETWEEN 1 AND 36),
  seq INTEGER NOT NULL REFERENCES journal (seq),
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
  note TEXT,
  expires_at INTEGER,
  intended_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  image TEXT NOT NULL
) STRICT;
CREATE INDEX orders_by_time ON orders (intended_at, seq);
CREATE INDEX orders_by_position ON orders (position_id);
CREATE INDEX orders_by_status ON orders (status);
CREATE INDEX orders_by_venue_id ON orders (venue, order_id);

CREATE TABLE fills (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  venue TEXT NOT NULL,
  exchange TEXT NOT NULL,
  market TEXT NOT NULL CHECK (market IN ('spot', 'future')),
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

CREATE TABLE settings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  updated_at INTEGER NOT NULL,
  image TEXT NOT NULL
) STRICT;

-- One line per journal row, for the events screen; the data is the journal's body.
CREATE TABLE events (
  id INTEGER PRIMARY KEY REFERENCES journal (seq),
  event_type TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('debug', 'info', 'warning', 'error', 'critical')),
  text TEXT NOT NULL,
  correlation_id TEXT,
  position_id TEXT,
  order_id TEXT,
  symbol TEXT,
  exchange TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_time ON events (created_at, id);
CREATE INDEX events_by_type ON events (event_type, id);
CREATE INDEX events_by_symbol ON events (symbol);
CREATE INDEX events_by_severity ON events (severity, id);
CREATE INDEX events_by_position ON events (position_id);
CREATE INDEX events_by_correlation ON events (correlation_id);

-- Last known market data, so that charts open offline. A cache: not in the journal, numbers and not money.
CREATE TABLE candles (
  venue TEXT NOT NULL,
  symbol TEXT NOT NULL,
  timeframe TEXT NOT NULL,
  open_time INTEGER NOT NULL,
  open REAL NOT NULL,
  high REAL NOT NULL,
  low REAL NOT NULL,
  close REAL NOT NULL,
  volume REAL NOT NULL,
  closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
  PRIMARY KEY (venue, symbol, timeframe, open_time)
) STRICT, WITHOUT ROWID;

CREATE TABLE instruments (
  exchange TEXT NOT NULL,
  market TEXT NOT NULL CHECK (market IN ('spot', 'future')),
  symbol TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  image TEXT NOT NULL,
  PRIMARY KEY (exchange, market, symbol)
) STRICT, WITHOUT ROWID;
