import type { MatchOrderView } from '#main/matching/types';
import type { Family } from './order-log';

/**
 * The one order a trader sees: on some exchanges a stop keeps its id when its trigger fires, in the engine a child takes
 * over. What the child did is told under the parent's name.
 */
export function oneFace({ order, parent, child }: Family): MatchOrderView {
  const root = parent ?? order;
  const doer = parent === null ? child : order;
  if (doer === null) return root;
  return {
    ...root,
    status: doer.status,
    filled: doer.filled,
    filledQuote: doer.filledQuote,
    updatedAt: doer.updatedAt,
    expireReason: doer.expireReason,
  };
}
