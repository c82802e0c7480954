import type { LedgerPage } from '#shared/contract/signals';
import { unixMs } from '#shared/domain/basics';
import type { ReasonCode, SignalFate } from '#shared/domain/decision';
import { client } from './session';

export interface LedgerQuestion {
  readonly reason: ReasonCode | null;
  readonly fate: SignalFate | null;
  readonly text: string;
  /** Market time of the decision, both ends included. */
  readonly from: number | null;
  readonly to: number | null;
}
const LEDGER_PAGE = 200;

/** One page of the decision ledger, newest first. Needs the engine, no network. @throws OfflineError */
export function ledgerPage(ask: LedgerQuestion, offset: number): Promise<LedgerPage> {
  return client().signals.ledger({
    offset,
    limit: LEDGER_PAGE,
    ...(ask.reason === null ? {} : { reason: ask.reason }),
    ...(ask.fate === null ? {} : { fate: ask.fate }),
    ...(ask.text === '' ? {} : { text: ask.text }),
    ...(ask.from === null ? {} : { from: unixMs(ask.from) }),
    ...(ask.to === null ? {} : { to: unixMs(ask.to) }),
  });
}
