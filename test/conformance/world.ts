import ccxt, { type Exchange as Client } from 'ccxt';
import { createMatching } from '#main/matching/index';
import { createMarketClock } from '#main/practice/clock';
import { createPracticeCore, type RunningCore } from '#main/practice/core/index';
import { createGeneratedFeeds } from '#main/practice/generator/index';
import type { PracticeKey } from '#main/practice/types';
import type { Wire, WireOptions } from '#main/practice/wire';
import { WIRES, type WireName } from '#main/practice/wires';
import { createRealSeams } from '#main/seams/index';
import type { Decimal, OrderSide } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';

const HISTORY_MS = 3 * 86_400_000;
export const START_USDT = 100_000;

export interface World<W extends Wire = Wire> {
  readonly wire: W;
  readonly key: PracticeKey;
  readonly cores: Readonly<Record<MarketKind, RunningCore>>;
  /** An unmodified ccxt.pro on this exchange; `more` is merged into its constructor arguments. */
  connect(market: MarketKind, more?: Record<string, unknown>): Client;
  close(): Promise<void>;
}

/** One exchange's wire over the real matching engine, on a free loopback port, with a generated market at 1x. */
export async function openWorld<W extends Wire = Wire>(
  name: WireName,
  how: {
    readonly weightPerMinute?: number;
    /** Opens the wire in the exchange's own way, with more than all have in common. */
    readonly open?: (options: WireOptions) => Promise<W>;
  } = {},
): Promise<World<W>> {
  const seams = createRealSeams();
  const origin = seams.clock.now();
  const clock = createMarketClock({ seams, origin, speed: 1 });
  const feeds = createGeneratedFeeds('conformance', Math.floor(origin / 60_000) * 60_000 - HISTORY_MS);
  const module = WIRES[name];
  const key: PracticeKey = { ...module.makeKey(seams.random), account: 'tester' };
  const open = (market: MarketKind): RunningCore => {
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
        matching.openAccount(key.account);
        const funds = matching.deposit(key.account, 'USDT', String(START_USDT) as Decimal, now);
        return market === 'spot'
          ? [...funds, ...matching.deposit(key.account, 'BTC', '1' as Decimal, now)]
          : funds;
      }),
    );
    return core;
  };
  const cores = { spot: open('spot'), future: open('future') };
  const stop = seams.timers.every(100, () => {
    cores.spot.step();
    cores.future.step();
  });
  const wire = await (how.open ?? (module.open as (options: WireOptions) => Promise<W>))({
    seams,
    ...cores,
    keys: [key],
    port: 0,
    ...(how.weightPerMinute === undefined ? {} : { weightPerMinute: how.weightPerMinute }),
  });
  const clients: Client[] = [];
  return {
    wire,
    key,
    cores,
    connect(market, more = {}) {
      // What a user reads from the practice command is this JSON.
      const config = JSON.parse(JSON.stringify(wire.ccxt[market])) as Record<string, unknown>;
      const Class = (ccxt.pro as unknown as Record<string, new (args: object) => Client>)[module.ccxtId]!;
      const client = new Class(merged(config, more));
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

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `more` over `base`, objects merged. */
function merged(base: Record<string, unknown>, more: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base };
  for (const [name, value] of Object.entries(more)) {
    const old = result[name];
    result[name] = isPlain(old) && isPlain(value) ? merged(old, value) : value;
  }
  return result;
}

/** The outside market trades at a price, which moves the last price and fires triggers. */
export function tradeAt(core: RunningCore, base: string, side: OrderSide, price: string): void {
  const symbol = core.symbols.find((one) => one.base === base)!.symbol;
  core.publish(
    core.run((matching, now) => matching.marketTrade(symbol, side, price as Decimal, '0.01' as Decimal, now)),
  );
}

/** The mark moves to a price for a moment, as a jump of the index would move it; `side` is not its business. */
export function markAt(core: RunningCore, base: string, _side: OrderSide, price: string): void {
  const symbol = core.symbols.find((one) => one.base === base)!.symbol;
  core.publish(core.run((matching, now) => matching.mark(symbol, price as Decimal, now)));
}
