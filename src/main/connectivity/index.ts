export {
  connectionKey,
  type DetectedMarket,
  detectMarket,
  type MarketHints,
  privateLink,
} from './connection-key';
export { figuresOf, type LinkFigures } from './figures';
export { backoff, DEFAULT_LIMITS, type Limits } from './limits';
export { createPool, openPool, type PoolOptions } from './pool';
export {
  type Connector,
  createStrategies,
  type RunningStrategy,
  type StartTerms,
  type Strategies,
  type Strategy,
  type StrategyStart,
} from './strategies';
export type { ConnectionReport } from './strategy-report';
export * from './types';
