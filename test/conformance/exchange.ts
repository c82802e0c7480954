import ccxt, { type binance } from 'ccxt';
import { createMatching } from '#main/matching/index';
import { type BinanceWire, createBinanceWire, type WireLimits } from '#main/practice/binance/index';
import { createMarketClock } from '#main/practice/clock';
import { createPracticeCore, type RunningCore } from '#main/practice/core/index';
import { createGeneratedFeeds } from '#main/practice/generator/index';
import type { PracticeKey } from '#main/practice/types';
import { createRealSeams } from '#main/seams/index';
import type { Decimal, OrderSide } from '#shared/domain/basics';

export const KEY: PracticeKey = {
  apiKey: 'conformance-key',
  secret: 'conformance-secret',
  account: 'tester',
};
const HISTORY_MS = 3 * 86_400_000;

export interface Exchange {
  readonly wire: BinanceWire;
  readonly spot: RunningCore;
  readonly future: RunningCore;
  /** An unmodified ccxt.pro on this exchange; `more` is merged into its constructor arguments. */
  connect(market: 'spot' | 'future', more?: Record<string, unknown>): binance;
  close(): Promise<void>;
}

/** The real matching engine, market and wire on a free loopback port, with a generated market at 1x. */
export async function openExchange(limits?: {
  spot?: Partial<WireLimits>;
  future?: Partial<WireLimits>;
}): Promise<Exchange> {
  const seams = createRealSeams();
  const origin = seams.clock.now();
  const clock = createMarketClock({ seams, origin, speed: 1 });
  const feeds = createGeneratedFeeds('conformance', Math.floor(origin / 60_000) * 60_000 - HISTORY_MS);
  const open = (market: 'spot' | 'future'): RunningCore => {
    const core = createPracticeCore({
      market,
      clock,
      feeds: feeds[market],
      matching: createMatching(),
      saved: null,
      save: () => true,
    });
    core.publish(
      core.run((matching, now) => {
        matching.openAccount(KEY.account);
        const funds = matching.deposit(KEY.account, 'USDT', '100000' as Decimal, now);
        return market === 'spot'
          ? [...funds, ...matching.deposit(KEY.account, 'BTC', '1' as Decimal, now)]
          : funds;
      }),
    );
    return core;
  };
  const spot = open('spot');
  const future = open('future');
  const stop = seams.timers.every(100, () => {
    spot.step();
    future.step();
  });
  const wire = await createBinanceWire({
    seams,
    spot,
    future,
    keys: [KEY],
    port: 0,
    ...(limits === undefined ? {} : { limits }),
  });
  const clients: binance[] = [];
  return {
    wire,
    spot,
    future,
    connect(market, more = {}) {
      // What a user reads from the practice command is this JSON.
      const config = JSON.parse(JSON.stringify(wire.ccxt[market])) as Record<string, unknown>;
      const client = new ccxt.pro.binance({ ...config, ...more });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.close();
      stop();
      await wire.close();
    },
  };
}

/** The outside market trades at a price, which moves the last price and fires triggers. */
export function tradeAt(core: RunningCore, wireSymbol: string, side: OrderSide, price: string): void {
  const symbol = core.symbols.find((one) => one.wireSymbol === wireSymbol)?.symbol ?? wireSymbol;
  core.publish(
    core.run((matching, now) => matching.marketTrade(symbol, side, price as Decimal, '0.01' as Decimal, now)),
  );
}
