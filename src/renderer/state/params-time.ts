import type { WhatIf } from '#shared/contract/params';
import { unixMs } from '#shared/domain/basics';
import type { ExchangeName } from '#shared/domain/exchange';
import type { ParamsVersion, ParamValues } from '#shared/domain/params';
import type { ParamName } from '#shared/domain/signal';
import { whyRefused } from './keys';
import { client } from './session';
import { pushUndo } from './undo';

const VERSIONS = 200;

/** Versions of one exchange's values, newest first. @throws OfflineError */
export const paramsVersions = (
  exchange: ExchangeName,
): Promise<{ readonly rows: readonly ParamsVersion[]; readonly total: number }> =>
  client().params.history({ exchange, offset: 0, limit: VERSIONS });

const lockNow = async (
  exchange: ExchangeName,
  name: ParamName,
  value: ParamValues[ParamName] | null,
): Promise<void> => {
  if (value === null) await client().params.unlock({ exchange, name });
  else await client().params.lock({ exchange, name, value } as never);
};

/**
 * Locks one value, or unlocks it with null; can be taken back to `before`. Answers why not, or null.
 */
export async function lockParam(
  exchange: ExchangeName,
  name: ParamName,
  value: ParamValues[ParamName] | null,
  before: ParamValues[ParamName] | null,
  label: string,
): Promise<string | null> {
  try {
    await lockNow(exchange, name, value);
    pushUndo(label, () => lockNow(exchange, name, before));
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** Brings an earlier version back as a new one; can be taken back to `current`. Answers why not, or null. */
export async function rollBack(
  exchange: ExchangeName,
  version: number,
  current: number | null,
  label: string,
): Promise<string | null> {
  const go = async (to: number) => {
    await client().params.rollback({ exchange, version: to });
  };
  try {
    await go(version);
    if (current !== null) pushUndo(label, () => go(current));
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** Runs the stored waves of a span under another version; `onProgress` gets 0 to 1. Null when it was cancelled. */
export async function runWhatIf(
  ask: {
    readonly exchange: ExchangeName;
    readonly version: number;
    readonly from: number;
    readonly to: number;
  },
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<WhatIf | null> {
  const input = { ...ask, from: unixMs(ask.from), to: unixMs(ask.to) };
  for await (const step of await client().params.whatIf(input, { signal })) {
    if (signal.aborted) return null;
    onProgress(step.progress);
    if (step.result !== null) return step.result;
  }
  return null;
}
