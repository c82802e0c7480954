export type * from './types';
export { runWhatIf } from './what-if';
