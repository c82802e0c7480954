export type { SavedHistory } from './account-history';
export { type CoreOptions, createPracticeCore, type RunningCore, type SavedCore } from './core';
export {
  type BookShape,
  type Derivative,
  type Feed,
  MINUTE_MS,
  type MinuteBar,
  type TapePrint,
} from './feed';
