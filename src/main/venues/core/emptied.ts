import { ZERO } from '#shared/domain/decimal';
import type { Balance } from '../venue';

/** Exchanges leave out what is empty. What was there before is told as zero, so that nobody keeps an old amount. */
export function withEmptied(ask: () => Promise<readonly Balance[]>): () => Promise<readonly Balance[]> {
  const known = new Set<string>();
  return async () => {
    const held = await ask();
    const gone = new Set(known);
    for (const { asset } of held) {
      known.add(asset);
      gone.delete(asset);
    }
    return [...held, ...[...gone].map((asset) => ({ asset, free: ZERO, locked: ZERO }))];
  };
}
