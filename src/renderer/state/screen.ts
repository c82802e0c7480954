import { z } from 'zod';
import { create } from 'zustand';
import { Timeframe } from '#shared/domain/market';
import type { Zone } from '../ui/format';
import { client, whileLive } from './session';

/** What a window wants back next time. Kept by the engine as opaque text, so it is read with suspicion. */
const Saved = z.object({
  version: z.literal(1),
  /** dockview's own JSON: one for wide windows, one for narrow ones. */
  layouts: z.object({ wide: z.unknown().optional(), narrow: z.unknown().optional() }).default({}),
  /** "binance_future|BTC/USDT:USDT" */
  chartMarket: z.string().nullable().default(null),
  timeframe: Timeframe.default('1m'),
  zone: z.enum(['local', 'utc']).default('local'),
  colours: z.enum(['red-green', 'blue-orange']).default('red-green'),
});
type Saved = z.infer<typeof Saved>;
export type LayoutWidth = keyof Saved['layouts'];

interface Screen extends Saved {
  /** True once the saved state was asked for, so that a start does not overwrite it with defaults. */
  readonly loaded: boolean;
}
const DEFAULTS: Saved = Saved.parse({ version: 1 });
const SAVE_AFTER_MS = 800;

export const useScreen = create<Screen>(() => ({ ...DEFAULTS, loaded: false }));

let timer: ReturnType<typeof setTimeout> | undefined;
function saveSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const { loaded, ...saved } = useScreen.getState();
    if (!loaded) return;
    // A window without an engine keeps its layout in memory; the next change saves it.
    void Promise.resolve()
      .then(() => client().app.saveScreen({ state: JSON.stringify(saved) }))
      .catch(() => undefined);
  }, SAVE_AFTER_MS);
}

function change(part: Partial<Saved>): void {
  useScreen.setState(part);
  saveSoon();
}

/** Reads saved text; anything that is not ours becomes the defaults. */
export function parseScreen(text: string | null): Saved {
  if (text === null) return DEFAULTS;
  try {
    return Saved.parse(JSON.parse(text));
  } catch {
    return DEFAULTS;
  }
}

export function startScreen(): void {
  whileLive(async (to, signal) => {
    if (useScreen.getState().loaded) return;
    const text = await to.app.loadScreen().catch(() => null);
    if (!signal.aborted) useScreen.setState({ ...parseScreen(text), loaded: true });
  });
}

export const saveLayout = (width: LayoutWidth, layout: unknown): void =>
  change({ layouts: { ...useScreen.getState().layouts, [width]: layout } });
export const showOnChart = (chartMarket: string): void => change({ chartMarket });
export const setTimeframe = (timeframe: Timeframe): void => change({ timeframe });
export const setZone = (zone: Zone): void => change({ zone });
export const setColours = (colours: Saved['colours']): void => change({ colours });
