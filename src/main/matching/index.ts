export { createMatching, type MatchingOptions } from './matching';
export type * from './types';
