import type { EngineEvent } from '../engine/index';
import type { Store } from '../store/index';
import { deskEvent, type EventRecord } from './events';

/** So many are worth a line; after that the store is known to be damaged. */
const MOST_TOLD = 3;

export interface StoreWatch {
  readonly store: Pick<Store, 'examineRest'>;
  readonly notice: (text: string) => void;
  readonly event: (event: EventRecord) => void;
  readonly log: (text: string) => void;
  readonly post: (event: EngineEvent) => void;
}

/**
 * A large store is examined while the desk runs. Damage before the start would have kept it from starting; found now, it
 * ends entries and is said at the top of the screen. Positions keep their stops, and exits go on.
 */
export function watchStore({ store, notice, event, log, post }: StoreWatch): () => void {
  let told = 0;
  return store.examineRest((problem) => {
    told += 1;
    if (told > MOST_TOLD) return;
    log(`the store is damaged: ${problem}`);
    if (told > 1) return;
    notice(
      `The store is damaged (${problem}). Nothing new is opened. Close Wavedesk, keep a copy of the profile, and run: npm run wavedesk -- doctor`,
    );
    post({ type: 'kill', on: true, cause: 'the store is damaged' });
    try {
      event(deskEvent('store_damaged', 'critical', `The store is damaged: ${problem}.`));
    } catch (error) {
      log(`the damage could not be written down: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}
