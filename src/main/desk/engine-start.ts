import type { Mode, VenueKey } from '#shared/domain/exchange';
import { fillKey } from '#shared/domain/order';
import type { Settings } from '#shared/domain/settings';
import type { EngineStart } from '../engine/index';
import type { Random } from '../seams/index';
import type { Store } from '../store/index';
import type { Venue } from '../venues/index';
import type { ReportedAccounts } from './reported-accounts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const WAVES_REMEMBERED = 200;
/** Gap filling asks for the time since an open position began; this many fills reach far beyond it. */
const FILLS_REMEMBERED = 10_000;

/** What the engine needs to go on where the last run stopped. */
export function engineStart(
  store: Store,
  mode: Mode,
  random: Random,
  settings: Settings,
  venues: ReadonlyMap<VenueKey, Venue>,
  reported: Pick<ReportedAccounts, 'known'>,
): EngineStart {
  const positions = store.positions({ open: true });
  const orders = new Map(store.orders({ open: true }).map((order) => [order.request.clientOrderId, order]));
  for (const position of positions) {
    for (const order of store.orders({ positionId: position.id }))
      orders.set(order.request.clientOrderId, order);
  }
  const held = new Set<string>(positions.map(({ id }) => id));
  // Living orders that belong to no open position are quotes: what was filled of them must not be asked for again.
  const loose = [...orders.values()].map(({ positionId }) => positionId).filter((id) => !held.has(id));
  const fills = [...held, ...new Set(loose)].flatMap((positionId) => store.fills({ positionId }));
  const waves = store.waves(WAVES_REMEMBERED);
  return {
    mode,
    installPrefix: installPrefix(store, random),
    settings,
    positions,
    orders: [...orders.values()],
    fills,
    fillKeys: store.fills({ limit: FILLS_REMEMBERED }).map(fillKey),
    storedFills: { has: store.hasFill, near: store.fillsLike },
    executedSignalIds: store.executedSignalIds(),
    processedWaves: new Set(waves.map((wave) => wave.waveTime)),
    waves,
    decisions: waves
      .filter((wave) => wave.status === 'processing')
      .flatMap((wave) => store.decisions({ waveTime: wave.waveTime })),
    instruments: store.instruments(),
    killed: store.getMeta('killed') === 'yes',
    reportedAccounts: reported.known(venues.keys()),
    requestExpiryMs: Object.fromEntries(
      [...venues].map(([key, venue]) => [key, venue.trading?.requestExpiryMs ?? null]),
    ),
  };
}

/** Four letters that tell this installation's orders from any other's on the same account. Made once. */
function installPrefix(store: Store, random: Random): string {
  const known = store.getMeta('install-prefix');
  if (known) return known;
  const prefix = [...random.bytes(4)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  store.setMeta('install-prefix', prefix);
  return prefix;
}
