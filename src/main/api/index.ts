import { appArea } from './areas/app';
import { type CallContext, os } from './areas/contract';
import { connectionsArea, keysArea, settingsArea } from './areas/house';
import { marketArea } from './areas/market';
import { paramsArea } from './areas/params';
import { quotingArea } from './areas/quoting';
import { signalsArea } from './areas/signals';
import { historyArea, ordersArea, positionsArea } from './areas/trading';
import { createLosses, equityOf } from './equity';
import type { DeskParts } from './parts';
import { createScreens } from './screens';
import { createTickets } from './tickets';

export { createLatest } from './feed';
export type { Balances, DeskParts, WhatIfQuestion } from './parts';

/** Implements the contract by calling the parts. Close it before the parts. */
export function createApi(parts: DeskParts) {
  const losses = createLosses(parts);
  const screens = createScreens(parts, losses);
  const tickets = createTickets();
  const router = os.router({
    app: appArea(parts, screens, tickets, losses),
    connections: connectionsArea(parts, screens),
    history: historyArea(parts),
    keys: keysArea(parts),
    market: marketArea(parts, screens),
    orders: ordersArea(screens),
    params: paramsArea(parts, screens),
    positions: positionsArea(parts, screens, tickets),
    quoting: quotingArea(parts),
    settings: settingsArea(parts, screens),
    signals: signalsArea(parts, screens, tickets),
  });
  let windows = 0;
  return {
    router,
    /** A window opens: the context of its calls, and what to do when it is gone. */
    openWindow() {
      const context: CallContext = { window: `window ${++windows}` };
      return { context, gone: () => parts.market.watchList(context.window, []) };
    },
    equity: (paper: boolean) => ({ ...equityOf(parts, paper), lossStreak: losses.streak(paper) }),
    close() {
      screens.close();
      losses.close();
    },
  };
}
export type Api = ReturnType<typeof createApi>;
