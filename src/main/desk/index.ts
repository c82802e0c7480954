export { createDesk, type Desk, type DeskOptions } from './desk';
export { type DeskArguments, parseDeskArguments, USAGE, UsageError } from './options';
