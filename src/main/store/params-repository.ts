import type { Percent } from '#shared/domain/basics';
import { fromText, toPercent } from '#shared/domain/decimal';
import { type ExchangeName, exchangeById, idOfExchange } from '#shared/domain/exchange';
import type { ParamsVersion, StoredParams } from '#shared/domain/params';
import { isSameSet } from '#shared/domain/params-change';
import { PARAM_NAMES } from '#shared/domain/signal';
import type { createParamsCounter } from './params-projection';
import type { Statements } from './queries';
import type { ParamsFields, ParamsPartial, Store } from './types';

const NOTHING: StoredParams['values'] = {
  maxTrades: null,
  stopLoss: null,
  trailingActivation: null,
  trailingDistance: null,
};
const FIELDS = `exchange_id AS exchangeId, max_trades_filter AS maxTrades, stop_loss_filter AS stopLoss,
  trailing_activation_filter AS trailingActivation, trailing_distance_filter AS trailingDistance,
  updated_at AS updatedAt, created_at AS createdAt`;

/** The values that were provided, percentages rounded. @throws RangeError for text that is no number. */
function provided(partial: ParamsPartial): Partial<StoredParams['values']> {
  const given: Record<string, number | Percent> = {};
  for (const name of PARAM_NAMES) {
    const value = partial[name];
    if (value === undefined || value === null) continue;
    given[name] = name === 'maxTrades' ? (value as number) : toPercent(fromText(value as string));
  }
  return given;
}

/** Params by exchange id. Whatever changes goes through the journal, as any other fact. */
export function createParamsRepository(options: {
  readonly statements: Statements;
  readonly counter: Pick<ReturnType<typeof createParamsCounter>, 'stored'>;
  readonly record: Store['record'];
  warn(text: string): void;
}): Pick<Store, 'getParams' | 'getAllParams' | 'updateParams' | 'paramsHistory'> {
  const { statements, counter, record, warn } = options;

  const update: Store['updateParams'] = (exchangeId, partial, at, author = {}) => {
    const exchange = exchangeById(exchangeId);
    if (exchange === undefined) throw new RangeError(`there is no exchange ${exchangeId}`);
    const given = provided(partial);
    if (Object.keys(given).length === 0) {
      warn(`params of exchange ${exchangeId} not updated: no value was provided`);
      return false;
    }
    const before = counter.stored(exchange);
    const { waveTime = null, signalId = null, source = 'wave' } = author;
    const after: StoredParams = {
      exchange,
      values: { ...(before?.values ?? NOTHING), ...given },
      locks: before?.locks ?? NOTHING,
      waveTime,
      signalId,
      updatedAt: at.wall,
    };
    // Equal values make neither a row nor a version.
    if (before === null || !isSameSet(before, after))
      record([{ kind: 'params_changed', exchange, before, after, source }], at);
    return true;
  };

  return {
    getParams(exchangeId) {
      const row = statements(`SELECT ${FIELDS} FROM params WHERE exchange_id = ?`).get(exchangeId);
      return (row as ParamsFields | undefined) ?? null;
    },
    getAllParams() {
      const rows = statements(`SELECT ${FIELDS} FROM params ORDER BY exchange_id`).all() as ParamsFields[];
      return new Map(rows.map((row) => [row.exchangeId, row]));
    },
    updateParams(exchangeId, partial, at, author) {
      try {
        return update(exchangeId, partial, at, author);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        warn(`params of exchange ${exchangeId} not updated: ${why}`);
        return false;
      }
    },
    paramsHistory(exchange: ExchangeName, { offset, limit }) {
      const id = idOfExchange(exchange);
      const { total } = statements('SELECT count(*) AS total FROM params_history WHERE exchange_id = ?').get(
        id,
      ) as { total: number };
      const rows = statements(
        'SELECT image FROM params_history WHERE exchange_id = ? ORDER BY version DESC LIMIT ? OFFSET ?',
      ).all(id, Math.max(0, limit), Math.max(0, offset)) as { image: string }[];
      return { total, rows: rows.map(({ image }) => JSON.parse(image) as ParamsVersion) };
    },
  };
}
