import type { ExchangeName } from '#shared/domain/exchange';
import type { ParamValues, StoredParams } from '#shared/domain/params';
import { emptyParams, lockParam, type ParamsChange, rollbackParams, unlockParam } from '../../signals/index';
import type { DeskParts } from '../parts';
import type { Screens } from '../screens';
import { os, wordsOf } from './contract';

export const paramsArea = (parts: DeskParts, screens: Screens) => {
  const stored = (exchange: ExchangeName) =>
    parts.store.params().find((row) => row.exchange === exchange) ?? null;
  const change = (exchange: ExchangeName, make: (row: StoredParams) => ParamsChange | null): void => {
    const before = stored(exchange);
    const changed = make(before ?? emptyParams(exchange));
    if (changed) parts.paramsChanged(before, changed);
  };
  /** Versions count from 1 and are listed newest first. */
  const versionOf = (exchange: ExchangeName, version: number) => {
    const { total } = parts.store.paramsHistory(exchange, { offset: 0, limit: 1 });
    const { rows } = parts.store.paramsHistory(exchange, { offset: Math.max(0, total - version), limit: 1 });
    return rows.find((row) => row.version === version);
  };
  return {
    stream: os.params.stream.handler(({ signal }) => screens.params.follow(signal)),
    history: os.params.history.handler(({ input }) =>
      parts.store.paramsHistory(input.exchange, { offset: input.offset, limit: input.limit }),
    ),
    lock: os.params.lock.handler(({ input: { exchange, name, value }, errors }) => {
      try {
        change(exchange, (row) => lockParam(row, name, value as ParamValues[typeof name], parts.wallNow()));
        return null;
      } catch (error) {
        throw errors.REFUSED({ data: { why: wordsOf(error) } });
      }
    }),
    unlock: os.params.unlock.handler(({ input: { exchange, name } }) => {
      change(exchange, (row) => unlockParam(row, name, parts.wallNow()));
      return null;
    }),
    rollback: os.params.rollback.handler(({ input: { exchange, version }, errors }) => {
      const old = versionOf(exchange, version);
      if (!old) throw errors.REFUSED({ data: { why: `There is no version ${version} of ${exchange}.` } });
      change(exchange, (row) => rollbackParams(row, old, parts.wallNow()));
      return null;
    }),
    whatIf: os.params.whatIf.handler(async function* ({ input, errors, signal }) {
      const version = versionOf(input.exchange, input.version);
      if (!version)
        throw errors.REFUSED({ data: { why: `There is no version ${input.version} of ${input.exchange}.` } });
      yield* parts.whatIf({ ...input, values: version.values }, signal);
    }),
  };
};
