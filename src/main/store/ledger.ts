import { ExchangeName } from '#shared/domain/exchange';
import { type Statements, type Where, where } from './queries';
import type { Cell } from './rows';
import { containing } from './search';
import type { LedgerPage, LedgerQuery, LedgerRow, Store } from './types';

const COLUMNS = `signal_id AS signalId, symbol, exchange, side, wave_time AS waveTime, fate, reason, score,
  decided_at AS decidedAt, price`;
/** Up to here sorting what one index finds is cheaper than walking the newest rows until a page is full. */
const FEW = 20_000;

type Conditions = Parameters<typeof where>[0];

/** What a text can mean: parts of symbols and exchanges, or one signal's id. */
interface Meaning {
  readonly symbols: readonly string[];
  readonly exchanges: readonly string[];
  readonly id: number | null;
}

/** The decision ledger. Totals come from counters or from an index alone, never from walking the rows themselves. */
export function createLedger(statements: Statements): Pick<Store, 'ledger'> {
  function meaning(text: string): Meaning {
    const symbols = statements(
      `SELECT DISTINCT symbol FROM decision_counts WHERE symbol LIKE ? ESCAPE '\\'`,
    ).all(containing(text)) as { symbol: string }[];
    return {
      symbols: symbols.map(({ symbol }) => symbol),
      exchanges: ExchangeName.options.filter((name) => name.includes(text.toLowerCase())),
      id: /^\d{1,15}$/.test(text) ? Number(text) : null,
    };
  }
  const textConditions = ({ symbols, exchanges, id }: Meaning): Conditions => {
    const inSymbols = 'symbol IN (SELECT value FROM json_each(?))';
    if (exchanges.length === 0 && id === null) return [[inSymbols, JSON.stringify(symbols)]];
    // One value per condition: the three lists travel together.
    const values = JSON.stringify({ symbols, exchanges, id });
    return [
      [
        `EXISTS (SELECT 1 FROM (SELECT ? AS said) WHERE symbol IN (SELECT value FROM json_each(said, '$.symbols'))
           OR exchange IN (SELECT value FROM json_each(said, '$.exchanges')) OR signal_id = said ->> '$.id')`,
        values,
      ],
    ];
  };

  const count = (sql: string, values: readonly Cell[]): number =>
    (statements(sql).get(...values) as { total: number | null }).total ?? 0;
  /** By the counters: those know fate, reason, exchange and symbol, and no single signal. */
  const counted = ({ sql, values }: Where): number =>
    count(`SELECT sum(count) AS total FROM decision_counts${sql}`, values);
  const walked = ({ sql, values }: Where, index = ''): number =>
    count(`SELECT count(*) AS total FROM decisions ${index}${sql}`, values);

  function reasons(): LedgerPage['reasons'] {
    const rows = statements(
      'SELECT fate, reason, sum(count) AS count FROM decision_counts GROUP BY fate, reason',
    ).all() as { fate: string; reason: string | null; count: number }[];
    const found: Record<string, number> = {};
    for (const { fate, reason, count: n } of rows) {
      found[fate] = (found[fate] ?? 0) + n;
      if (reason !== null) found[reason] = (found[reason] ?? 0) + n;
    }
    return found;
  }

  return {
    ledger(query: LedgerQuery): LedgerPage {
      const text = query.text?.trim();
      const said = text ? meaning(text) : null;
      const kinds: Conditions = [
        ['fate = ?', query.fate],
        ['reason = ?', query.reason],
        ['exchange = ?', query.exchange],
        ['symbol = ?', query.symbol],
      ];
      const others: Conditions = [
        ['provider_mode = ?', query.providerMode],
        ['wave_time = ?', query.waveTime],
      ];
      const range: Conditions = [
        ['decided_at >= ?', query.from],
        ['decided_at <= ?', query.to],
      ];
      const all = where([...kinds, ...others, ...range, ...(said ? textConditions(said) : [])]);
      const used = (conditions: Conditions) => conditions.filter(([, value]) => value !== undefined).length;
      const byCounters = used(others) + used(range) === 0 && (said?.id ?? null) === null;
      const equalities = used(kinds);
      const bound =
        used(others) > 0
          ? null
          : counted(where([...kinds, ...(said && said.id === null ? textConditions(said) : [])]));
      // The time index carries all of `kinds`: it serves whatever mixes several of them or is common.
      const mixed =
        equalities + (said ? 1 : 0) > 1 ||
        (said !== null && (said.exchanges.length > 0 || (bound ?? 0) > FEW));
      const few = bound !== null && bound <= FEW && (said === null || said.id === null);
      const index = used(others) === 0 && mixed && !few ? 'INDEXED BY decisions_by_time' : '';
      const total = byCounters ? (bound ?? 0) : walked(all, index);
      const rows = statements(
        `SELECT ${COLUMNS} FROM decisions WHERE signal_id IN (SELECT signal_id FROM decisions ${index}${all.sql}
           ORDER BY decided_at DESC, signal_id DESC LIMIT ? OFFSET ?) ORDER BY decided_at DESC, signal_id DESC`,
      ).all(...all.values, Math.max(0, query.limit), Math.max(0, query.offset)) as LedgerRow[];
      return { rows, total, reasons: reasons() };
    },
  };
}
