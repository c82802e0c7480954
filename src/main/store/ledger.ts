import { ExchangeName } from '#shared/domain/exchange';
import { type Statements, type Where, where } from './queries';
import type { Cell } from './rows';
import { fromNearerEnd } from './search';
import type { LedgerPage, LedgerQuery, LedgerRow, Store } from './types';

const COLUMNS = `signal_id AS signalId, symbol, exchange, side, wave_time AS waveTime, fate, reason, score,
  decided_at AS decidedAt, price`;
const NEWEST_FIRST = 'ORDER BY decided_at DESC, signal_id DESC';
/** Up to here sorting what the index of symbols finds is cheaper than walking the newest until a page is full. */
const FEW = 20_000;

/** Each symbol once, by stepping from one to the next in the index instead of reading them all. */
const EACH_SYMBOL = `WITH RECURSIVE each (symbol) AS (
    SELECT min(symbol) FROM decisions
    UNION ALL SELECT (SELECT min(symbol) FROM decisions WHERE symbol > each.symbol) FROM each
    WHERE each.symbol IS NOT NULL)
  SELECT symbol FROM each WHERE symbol IS NOT NULL`;

type Conditions = Parameters<typeof where>[0];

/** What a text can mean: parts of symbols and exchanges, or one signal's id. */
interface Meaning {
  readonly symbols: readonly string[];
  readonly exchanges: readonly string[];
  readonly id: number | null;
}
const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** On symbol and exchange alone, which the counters know too. Exchange names are ours and need no escaping. */
function ofMarkets({ symbols, exchanges }: Meaning): Conditions {
  const inSymbols = 'symbol IN (SELECT value FROM json_each(?))';
  const named = JSON.stringify(symbols);
  if (exchanges.length === 0) return [[inSymbols, named]];
  const inExchanges = `exchange IN (${quoted(exchanges)})`;
  return [[symbols.length === 0 ? `${inExchanges} AND ? <> ''` : `(${inExchanges} OR ${inSymbols})`, named]];
}

/** True when the totals, which know no symbol, can answer. */
const onlyExchanges = ({ symbols, exchanges }: Meaning): boolean =>
  symbols.length === 0 && exchanges.length > 0;

/**
 * The index to read. Said outright, because SQLite keeps no statistics here and would look up each row of a common
 * fate instead of reading one wide index.
 */
function indexFor(query: LedgerQuery, said: Meaning | null, matches: number | null): string {
  const by = (name: string): string => `INDEXED BY decisions_by_${name}`;
  if (query.waveTime !== undefined) return by('wave');
  if (query.symbol !== undefined) return by('symbol');
  if (said !== null && said.exchanges.length === 0 && matches !== null && matches <= FEW) return by('symbol');
  if (query.reason !== undefined) return by('reason');
  if (query.exchange !== undefined) return by('exchange');
  if (query.providerMode !== undefined) return by('provider_mode');
  if (said !== null) return by('time');
  return query.fate === undefined ? by('moment') : by('fate');
}

/** The decision ledger. Totals come from counters or from an index alone, never from walking the rows themselves. */
export function createLedger(statements: Statements): Pick<Store, 'ledger'> {
  const meaningOf = (text: string): Meaning | null => {
    const all = (statements(EACH_SYMBOL).all() as { symbol: string }[]).map(({ symbol }) => symbol);
    const wanted = text.toLowerCase();
    const symbols = all.filter((symbol) => symbol.toLowerCase().includes(wanted));
    // A text that is in every symbol ("usdt") leaves nothing out.
    if (symbols.length === all.length) return null;
    return {
      symbols,
      exchanges: ExchangeName.options.filter((name) => name.includes(wanted)),
      id: /^\d{1,15}$/.test(text) ? Number(text) : null,
    };
  };
  const count = (sql: string, values: readonly Cell[]): number =>
    (statements(sql).get(...values) as { total: number | null }).total ?? 0;

  function reasons(): LedgerPage['reasons'] {
    const rows = statements('SELECT fate, reason, count FROM decision_totals').all() as {
      fate: string;
      reason: string | null;
      count: number;
    }[];
    const found: Record<string, number> = {};
    for (const { fate, reason, count: n } of rows) {
      found[fate] = (found[fate] ?? 0) + n;
      if (reason !== null) found[reason] = (found[reason] ?? 0) + n;
    }
    return found;
  }

  /** The one signal whose id the text is, unless its symbol or exchange matches as well. */
  const extraId = ({ id }: Meaning, conditions: Conditions, markets: Where): number | null => {
    if (id === null) return null;
    const { sql, values } = where([['signal_id = ?', id], ...conditions]);
    const also = statements(
      `SELECT signal_id FROM decisions${sql} AND NOT EXISTS (SELECT 1 FROM decisions${markets.sql} AND signal_id = ?)`,
    ).get(...values, ...markets.values, id);
    return also === undefined ? null : id;
  };

  return {
    ledger(query: LedgerQuery): LedgerPage {
      const text = query.text?.trim();
      const said = text ? meaningOf(text) : null;
      const markets = said ? ofMarkets(said) : [];
      const kinds: Conditions = [
        ['fate = ?', query.fate],
        ['reason = ?', query.reason],
        ['exchange = ?', query.exchange],
        ['symbol = ?', query.symbol],
        ['provider_mode = ?', query.providerMode],
      ];
      const others: Conditions = [
        ['wave_time = ?', query.waveTime],
        ['decided_at >= ?', query.from],
        ['decided_at <= ?', query.to],
      ];
      const counters = where([...kinds, ...markets]);
      const bySymbol = query.symbol !== undefined || (said !== null && !onlyExchanges(said));
      const matches = count(
        `SELECT sum(count) AS total FROM ${bySymbol ? 'decision_counts' : 'decision_totals'}${counters.sql}`,
        counters.values,
      );
      const all = where([...kinds, ...others, ...markets]);
      const index = indexFor(query, said, matches);
      const narrowed = others.some(([, value]) => value !== undefined);
      const total = narrowed
        ? count(`SELECT count(*) AS total FROM decisions ${index}${all.sql}`, all.values)
        : matches;
      const extra = said === null ? null : extraId(said, [...kinds, ...others], where(markets));

      const sorted = (order: string): string => `ORDER BY decided_at ${order}, signal_id ${order}`;
      const pageOf = (order: string, from: Where): string =>
        `SELECT ${COLUMNS} FROM decisions WHERE signal_id IN (SELECT signal_id FROM decisions ${index}${from.sql}
           ${sorted(order)} LIMIT ? OFFSET ?) ${NEWEST_FIRST}`;
      const page = fromNearerEnd(total, query);
      const { olderThan } = query;
      let rows: unknown[];
      if (olderThan !== undefined) {
        const { sql, values } = where([['decided_at <= ?', olderThan.at], ...kinds, ...others, ...markets]);
        const from = {
          sql: `${sql} AND (decided_at, signal_id) < (?, ?)`,
          values: [...values, olderThan.at, olderThan.signalId],
        };
        rows = statements(pageOf('DESC', from)).all(...from.values, Math.max(0, query.limit), 0);
      } else if (extra === null) {
        rows = statements(pageOf(page.order, all)).all(...all.values, page.limit, page.offset);
      } else {
        // With one more row from elsewhere, where the page begins is known only after both are sorted together.
        const [limit, offset] = [Math.max(0, query.limit), Math.max(0, query.offset)];
        rows = statements(
          `SELECT ${COLUMNS} FROM decisions WHERE signal_id = ? OR signal_id IN (SELECT signal_id FROM decisions
             ${index}${all.sql} ${NEWEST_FIRST} LIMIT ?) ${NEWEST_FIRST} LIMIT ? OFFSET ?`,
        ).all(extra, ...all.values, limit + offset, limit, offset);
      }
      return { rows: rows as LedgerRow[], total: total + (extra === null ? 0 : 1), reasons: reasons() };
    },
  };
}
