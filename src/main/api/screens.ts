import type { DeskStatus, RiskView } from '#shared/contract/app';
import type { ParamsRow } from '#shared/contract/params';
import type { ProviderStatus } from '#shared/contract/signals';
import type { LinkStatus, VenueClock } from '#shared/domain/connection';
import type { Decision, Wave } from '#shared/domain/decision';
import { ExchangeName } from '#shared/domain/exchange';
import type { JournalRow } from '#shared/domain/journal';
import type { Quote } from '#shared/domain/market';
import type { Order } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import type { ParamOrigin, ParamValues, StoredParams } from '#shared/domain/params';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import type { Settings } from '#shared/domain/settings';
import { PARAM_NAMES, type ParamName } from '#shared/domain/signal';
import { deskStatus } from './desk-status';
import type { Losses } from './equity';
import { createFeed, createLatest } from './feed';
import type { DeskParts } from './parts';
import { createPush } from './push';
import { riskView } from './risk';

/** One painted frame: nothing reaches a screen more often. */
export const FRAME_MS = 16;
const DAY_MS = 86_400_000;
const WAVES_SHOWN = 20;
const ENDED_SHOWN = 200;

/** Everything a screen follows, fed from the store's commits and the live parts. */
export function createScreens(parts: DeskParts, losses: Losses) {
  const frame = () =>
    new Promise<void>((resolve) => {
      parts.timers.after(FRAME_MS, resolve);
    });
  const feeds = {
    quotes: createFeed<Quote>((quote) => `${quote.venue}|${quote.symbol}`, frame),
    waves: createFeed<Wave>((wave) => String(wave.waveTime)),
    decisions: createFeed<Decision>((decision) => String(decision.signal.id)),
    params: createFeed<ParamsRow>((row) => row.effective.exchange),
    positions: createFeed<Position>((position) => position.id, frame),
    orders: createFeed<Order>((order) => order.request.clientOrderId, frame),
    links: createFeed<LinkStatus>((link) => link.key),
  };
  const settings = createLatest<Settings>();
  const status = createLatest<DeskStatus>(frame);
  const provider = createLatest<ProviderStatus>(frame);
  const clocks = createLatest<readonly VenueClock[]>();
  const risk = createLatest<RiskView>(frame);

  const trim = (): void => {
    const waves = feeds.waves
      .rows()
      .toSorted((a, b) => b.waveTime - a.waveTime)
      .slice(WAVES_SHOWN);
    feeds.waves.remove(waves.map((wave) => String(wave.waveTime)));
    const gone = new Set(waves.map((wave) => wave.waveTime));
    feeds.decisions.remove(
      feeds.decisions
        .rows()
        .filter((row) => gone.has(row.signal.waveTime))
        .map((row) => String(row.signal.id)),
    );
    const ended = feeds.positions.rows().filter((row) => !OPEN_POSITION_STATUSES.has(row.status));
    const old = ended
      .toSorted((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0))
      .filter((row, index) => index >= ENDED_SHOWN || (row.closedAt ?? 0) < parts.marketNow() - DAY_MS);
    feeds.positions.remove(old.map((row) => row.id));
    const done = feeds.orders
      .rows()
      .filter((row) => isEnded(row.status))
      .toSorted((a, b) => b.updatedAt - a.updatedAt);
    feeds.orders.remove(done.slice(ENDED_SHOWN).map((row) => row.request.clientOrderId));
  };

  const paramsRow = (stored: StoredParams): ParamsRow => {
    const defaults = parts.settings().defaultParams as ParamValues;
    const origins = {} as Record<ParamName, ParamOrigin>;
    const values = {} as Record<ParamName, ParamValues[ParamName]>;
    for (const name of PARAM_NAMES) {
      origins[name] =
        stored.locks[name] !== null ? 'lock' : stored.values[name] !== null ? 'stored' : 'default';
      values[name] = stored.locks[name] ?? stored.values[name] ?? defaults[name];
    }
    return {
      effective: { exchange: stored.exchange, values: values as unknown as ParamValues, origins },
      waveTime: stored.waveTime,
      updatedAt: stored.updatedAt,
      signalId: stored.signalId,
      stored: stored.updatedAt === null ? null : stored,
    };
  };
  const emptyParams = (exchange: ExchangeName): StoredParams => {
    const none = { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: null };
    return { exchange, values: none, locks: none, waveTime: null, signalId: null, updatedAt: null };
  };
  const refreshParams = (): void => {
    const stored = new Map(parts.store.params().map((row) => [row.exchange, row]));
    const exchanges = new Set<ExchangeName>([
      // Signals and params are about the six exchanges alone.
      ...parts.info.venues.flatMap((key) => ExchangeName.safeParse(key.split('_')[0]).data ?? []),
      ...stored.keys(),
    ]);
    feeds.params.put(
      [...exchanges].map((exchange) => paramsRow(stored.get(exchange) ?? emptyParams(exchange))),
    );
  };

  const applyRow = ({ record }: JournalRow) => {
    switch (record.kind) {
      case 'wave_changed':
        return feeds.waves.put([record.wave]);
      case 'decision_made':
        return feeds.decisions.put([record.decision]);
      case 'position_changed':
        return feeds.positions.put([record.position]);
      case 'order_changed':
        return feeds.orders.put([record.order]);
      case 'params_changed':
        return refreshParams();
      case 'settings_changed':
        settings.set(record.after);
        return refreshParams();
      default:
    }
  };

  feeds.waves.put(parts.store.waves(WAVES_SHOWN));
  for (const wave of feeds.waves.rows())
    feeds.decisions.put(parts.store.decisions({ waveTime: wave.waveTime }));
  feeds.positions.put(parts.store.positions({ limit: ENDED_SHOWN }));
  feeds.positions.put(parts.store.positions({ open: true }));
  feeds.orders.put(parts.store.orders({ limit: ENDED_SHOWN }));
  feeds.orders.put(parts.store.orders({ open: true }));
  feeds.links.put(parts.pool.statuses());
  settings.set(parts.settings());
  refreshParams();
  trim();
  const showStatus = () => status.set(deskStatus(parts, feeds.links.rows()));
  showStatus();
  provider.set(parts.provider());
  clocks.set(parts.clocks());
  risk.set(riskView(parts, losses));

  const isLive = (quote: Quote): boolean => parts.market.quote(quote.venue, quote.symbol) !== undefined;
  const push = createPush<Quote>({
    timers: parts.timers,
    idOf: (quote) => `${quote.venue}|${quote.symbol}`,
    listen(take) {
      // Straight into the rows, so that a reader's first message has them.
      feeds.quotes.put(parts.market.lastKnown().filter((quote) => !isLive(quote)));
      feeds.quotes.put(parts.market.quotes());
      return parts.market.onQuotes(take);
    },
    deliver: feeds.quotes.put,
    failed: parts.pushFailed,
  });

  const undo = [
    push.close,
    feeds.quotes.onReaders(push.readers),
    parts.store.onCommit((rows) => {
      rows.forEach(applyRow);
    }),
    parts.pool.onChange((link) => feeds.links.put([link])),
    parts.timers.every(250, showStatus),
    parts.timers.every(1000, () => {
      feeds.links.put(parts.pool.statuses());
      provider.set(parts.provider());
      if (parts.clocks() !== clocks.get()) clocks.set(parts.clocks());
      risk.set(riskView(parts, losses));
      trim();
    }),
  ];

  return {
    ...feeds,
    settings,
    provider,
    clocks,
    risk,
    status,
    close: () => {
      for (const stop of undo) stop();
    },
  };
}
export type Screens = ReturnType<typeof createScreens>;
