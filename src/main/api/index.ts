import { implement } from '@orpc/server';
import { contract } from '#shared/contract/index';
import type { Candle } from '#shared/domain/market';
import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import { exportCsv } from './export';
import { createLatest } from './feed';
import { vaultStatus } from './keys';
import type { DeskParts } from './parts';
import { createScreens } from './screens';

export type { Balances, DeskParts } from './parts';

const TICKETS_REMEMBERED = 1000;

/** Implements the contract by calling the parts. Close it before the parts. */
export function createApi(parts: DeskParts) {
  const screens = createScreens(parts);
  const os = implement(contract);
  const tickets = new Set<string>();
  const vault = createLatest<Awaited<ReturnType<typeof vaultStatus>>>();
  const showVault = async () => {
    const status = await vaultStatus(parts.vault);
    vault.set(status);
    return status;
  };
  void showVault();

  const router = os.router({
    app: {
      info: os.app.info.handler(() => parts.info),
      status: os.app.status.handler(({ signal }) => screens.status.follow(signal)),
      kill: os.app.kill.handler(({ input }) => {
        parts.post({ type: 'kill', on: input.on, cause: 'the KILL button' });
        return { killed: input.on };
      }),
      loadScreen: os.app.loadScreen.handler(() => parts.store.getMeta('screen')),
      saveScreen: os.app.saveScreen.handler(({ input }) => {
        parts.store.setMeta('screen', input.state);
        return null;
      }),
    },
    market: {
      instruments: os.market.instruments.handler(() => parts.instruments()),
      quotes: os.market.quotes.handler(({ signal }) => screens.quotes.follow(signal)),
      watch: os.market.watch.handler(({ input }) => {
        parts.market.watchList(input.instruments);
        return null;
      }),
      candles: os.market.candles.handler(async ({ input, errors }) => {
        try {
          return await parts.market.candlePage(input);
        } catch (error) {
          throw errors.UNAVAILABLE({ data: { why: error instanceof Error ? error.message : String(error) } });
        }
      }),
      candleUpdates: os.market.candleUpdates.handler(async function* ({ input, signal }) {
        const latest = createLatest<Candle>(
          () =>
            new Promise<void>((resolve) => {
              parts.timers.after(16, resolve);
            }),
        );
        const undo = parts.market.onCandle(input.venue, input.symbol, input.timeframe, (candle) =>
          latest.set(candle),
        );
        try {
          yield* latest.follow(signal);
        } finally {
          undo();
        }
      }),
    },
    signals: {
      waves: os.signals.waves.handler(({ signal }) => screens.waves.follow(signal)),
      decisions: os.signals.decisions.handler(({ signal }) => screens.decisions.follow(signal)),
      story: os.signals.story.handler(({ input, errors }) => {
        const [decision] = parts.store.decisions({ signalId: input.signalId, limit: 1 });
        if (!decision) throw errors.NOT_FOUND();
        const { rows } = parts.store.searchEvents({
          text: decision.signal.correlationId,
          offset: 0,
          limit: 500,
        });
        return { decision, rows: rows.toReversed() };
      }),
    },
    params: { stream: os.params.stream.handler(({ signal }) => screens.params.follow(signal)) },
    positions: {
      stream: os.positions.stream.handler(({ signal }) => screens.positions.follow(signal)),
      close: os.positions.close.handler(({ input, errors }) => {
        if (tickets.has(input.ticket)) return { taken: true as const };
        const position = parts.engine.positions().find((row) => row.id === input.positionId);
        if (!position || !OPEN_POSITION_STATUSES.has(position.status)) throw errors.NOT_OPEN();
        tickets.add(input.ticket);
        if (tickets.size > TICKETS_REMEMBERED) tickets.delete(tickets.values().next().value as string);
        parts.post({ type: 'close-position', positionId: input.positionId, reason: 'manual' });
        return { taken: true as const };
      }),
    },
    orders: { stream: os.orders.stream.handler(({ signal }) => screens.orders.follow(signal)) },
    history: {
      fills: os.history.fills.handler(({ input }) => parts.store.searchFills(clean(input))),
      orders: os.history.orders.handler(({ input }) => parts.store.searchOrders(clean(input))),
      events: os.history.events.handler(({ input }) => parts.store.searchEvents(clean(input))),
      exportCsv: os.history.exportCsv.handler(({ input }) =>
        exportCsv(parts.store, input.what, input.text, parts.wallNow()),
      ),
    },
    connections: {
      stream: os.connections.stream.handler(({ signal }) => screens.links.follow(signal)),
      reconnect: os.connections.reconnect.handler(({ input }) => {
        parts.reconnect(input.key);
        return null;
      }),
    },
    settings: {
      stream: os.settings.stream.handler(({ signal }) => screens.settings.follow(signal)),
      save: os.settings.save.handler(({ input }) => {
        parts.applySettings(input.settings);
        return parts.settings();
      }),
    },
    keys: {
      stream: os.keys.stream.handler(({ signal }) => vault.follow(signal)),
      store: os.keys.store.handler(async ({ input, errors }) => {
        const { name, mode } = input;
        try {
          await parts.vault.put(name, {
            apiKey: input.apiKey,
            secret: input.secret,
            ...(input.passphrase ? { passphrase: input.passphrase } : {}),
            mode,
          });
        } catch (error) {
          throw errors.REFUSED({ data: { why: error instanceof Error ? error.message : String(error) } });
        }
        const status = await showVault();
        const info = status.keys.find((key) => key.name === name)!;
        parts.keyChanged(name, 'stored', info.last4);
        return info;
      }),
      remove: os.keys.remove.handler(async ({ input }) => {
        await parts.vault.remove(input.name);
        await showVault();
        parts.keyChanged(input.name, 'removed', null);
        return null;
      }),
      unlock: os.keys.unlock.handler(async ({ input, errors }) => {
        try {
          await parts.vault.unlock(input.passphrase);
        } catch (error) {
          throw errors.REFUSED({ data: { why: error instanceof Error ? error.message : String(error) } });
        }
        return showVault();
      }),
    },
  });

  return { router, close: screens.close };
}
export type Api = ReturnType<typeof createApi>;

/** exactOptionalPropertyTypes: a key that zod parsed as undefined must be absent for the store. */
function clean<T extends { text?: string | undefined; from?: unknown; to?: unknown }>(input: T) {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined && value !== ''),
  ) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
