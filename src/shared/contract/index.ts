import { app } from './app';
import { connections } from './connections';
import { history } from './history';
import { keys } from './keys';
import { market } from './market';
import { orders } from './orders';
import { params } from './params';
import { positions } from './positions';
import { quoting } from './quoting';
import { settings } from './settings';
import { signals } from './signals';

/** The one contract between main and every screen. No other channel exists. */
export const contract = {
  app,
  connections,
  history,
  keys,
  market,
  orders,
  params,
  positions,
  quoting,
  settings,
  signals,
};
export type Contract = typeof contract;
