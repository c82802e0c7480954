import { guarded } from './errors';
import { type OpenOptions, openDatabase } from './open-database';
import { createStore } from './store';
import type { Store } from './types';

export { createEventQueue, type EventQueue, type EventQueueOptions } from './event-queue';
export { type Migration, readMigrations } from './migrations';
export type { OpenOptions } from './open-database';
export * from './types';

/**
 * Opens or makes the store at `file` (':memory:' for one that nobody keeps) and holds it alone until `close`.
 * A file that is damaged, foreign, newer or in use is left as it is.
 * @throws StoreError that says in words what is wrong and what to do.
 */
export function openStore(options: OpenOptions): Store {
  const db = openDatabase(options);
  try {
    return guarded(options.file, () => createStore(db, options));
  } catch (cause) {
    db.close();
    throw cause;
  }
}
