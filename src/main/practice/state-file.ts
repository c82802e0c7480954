import { z } from 'zod';
import type { Seams } from '../seams/seams';
import type { SavedCore } from './core/index';

const Core = z.object({
  matching: z.unknown(),
  history: z.record(
    z.string(),
    z.object({
      orders: z.array(z.looseObject({ symbol: z.string(), orderId: z.number() })),
      fills: z.array(z.looseObject({ symbol: z.string(), tradeId: z.number() })),
      funding: z.array(z.looseObject({ symbol: z.string() })),
    }),
  ),
});
const Key = z.object({
  apiKey: z.string(),
  secret: z.string(),
  passphrase: z.string().optional(),
  account: z.string(),
});
const Head = z.object({
  version: z.literal(1),
  /** What the market is: a seed, or a replayed file. An account belongs to one market only. */
  source: z.string(),
  origin: z.number().int(),
  marketNow: z.number().int(),
  keys: z.record(z.string(), Key),
  signalToken: z.string(),
});
/** Files from when Binance was the only exchange name its key `key`. */
const withKeys = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'key' in value && !('keys' in value)
    ? { ...value, keys: { binance: value.key } }
    : value;
const Saved = z.preprocess(withKeys, Head.extend({ spot: Core, future: Core }));

export type StateHead = z.infer<typeof Head>;
export interface SavedState extends StateHead {
  readonly spot: SavedCore;
  readonly future: SavedCore;
}

/** The practice exchange's one file. */
export interface StateFile {
  read(): { kind: 'none' } | { kind: 'broken'; why: string } | { kind: 'saved'; state: SavedState };
  /** Whole state, old content or new and never between, readable by its owner only. */
  write(state: SavedState): void;
  /** Keeps what is there under a new name; returns that name. */
  setAside(): string;
}

const OWNER_ONLY = 0o600;

export const encodeState = (state: SavedState): string => JSON.stringify(state);

/** @throws Error saying what is wrong with the text. */
export function decodeState(text: string): SavedState {
  const result = Saved.safeParse(JSON.parse(text));
  if (result.success) return result.data as unknown as SavedState;
  const issue = result.error.issues[0];
  throw new Error(`${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'unreadable'}`);
}

export function createStateFile(seams: Pick<Seams, 'disk' | 'clock'>, path: string): StateFile {
  const { disk } = seams;
  return {
    read() {
      const bytes = disk.read(path);
      if (bytes === null) return { kind: 'none' };
      try {
        return { kind: 'saved', state: decodeState(new TextDecoder().decode(bytes)) };
      } catch (error) {
        return { kind: 'broken', why: error instanceof Error ? error.message : String(error) };
      }
    },
    write: (state) => disk.write(path, encodeState(state), OWNER_ONLY),
    setAside() {
      const stamp = new Date(seams.clock.now()).toISOString().replace(/[-:]/g, '').slice(0, 15);
      let kept = `${path}.${stamp}.kept`;
      for (let n = 2; disk.exists(kept); n++) kept = `${path}.${stamp}-${n}.kept`;
      const bytes = disk.read(path);
      if (bytes) disk.write(kept, bytes, OWNER_ONLY);
      disk.remove(path);
      return kept;
    },
  };
}
