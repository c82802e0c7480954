export { createSyncLog, type SyncLog } from './sync-log';
export { createTradeSync, type SyncReason, type TradeSync } from './trade-sync';
