export { backoff, DEFAULT_LIMITS, type Limits } from './limits';
export { createPool, type PoolOptions } from './pool';
export * from './types';
