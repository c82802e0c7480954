export { type AccountFact, freeOf, toEngineEvents } from './account-facts';
export {
  checkPositions,
  differenceText,
  type PositionDifference,
  positionDifferences,
} from './check-positions';
export { clientOrderIdOf, type OrderIdParts, parseClientOrderId, positionIdOf } from './client-order-id';
export { createEngine } from './engine';
export { createRunner, type Runner, type RunnerOptions, type VenuePort } from './runner';
export type * from './types';
