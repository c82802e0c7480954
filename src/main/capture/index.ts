export { createRecorder, type Recorder } from './recorder';
export { type RecordedFrame, type RecordedLine, readLine, readRecording, writeLine } from './recording';
export { createScrubber, type Scrubber } from './scrub';
export { scrubRecording } from './scrub-recording';
export { createSyncLog, type SyncLog } from './sync-log';
export { createTradeSync, type SyncReason, type TradeSync } from './trade-sync';
