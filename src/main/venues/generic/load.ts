import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What ccxt calls one of its unified answers: fields by name, numbers as text. */
export type Unified = Readonly<Record<string, unknown>>;

type Ask<A extends unknown[], R = unknown> = (...args: A) => Promise<R>;

/** The unified calls that the generic adapter makes; which of them an exchange has, `has` tells. */
export interface CcxtPro {
  readonly id: string;
  readonly name: string;
  readonly has: Readonly<Record<string, boolean | 'emulated' | undefined>>;
  readonly urls: Record<string, unknown>;
  apiKey: string;
  secret: string;
  password: string;
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets: Ask<[], Readonly<Record<string, Unified>>>;
  fetchTime: Ask<[]>;
  fetchOHLCV: Ask<[string, string, number | undefined, number | undefined], readonly (readonly unknown[])[]>;
  fetchBalance: Ask<[], Unified>;
  fetchPositions: Ask<[], readonly Unified[]>;
  fetchMyTrades: Ask<[string, number | undefined, number | undefined], readonly Unified[]>;
  fetchOpenOrders: Ask<[string | undefined], readonly Unified[]>;
  fetchClosedOrders: Ask<[string, number | undefined], readonly Unified[]>;
  fetchOrders: Ask<[string, number | undefined], readonly Unified[]>;
  createOrder: Ask<[string, string, string, string, string | undefined, object], Unified>;
  cancelOrder: Ask<[string, string, object], Unified>;
  watchTrades: Ask<[string], readonly Unified[]>;
  watchTicker: Ask<[string], Unified>;
  watchOrderBook: Ask<[string], Unified>;
  watchOHLCV: Ask<[string, string], readonly (readonly unknown[])[]>;
  watchMyTrades: Ask<[], readonly Unified[]>;
  watchOrders: Ask<[], readonly Unified[]>;
  close: Ask<[]>;
}
type CcxtProClass = new (options: object) => CcxtPro;

const classes = new Map<string, Promise<CcxtProClass>>();

/** One exchange's class, loaded when it is first used. @throws RangeError when ccxt does not know it */
export function loadCcxtPro(id: string): Promise<CcxtProClass> {
  const known = classes.get(id);
  if (known !== undefined) return known;
  const loading = importClass(id);
  classes.set(id, loading);
  loading.catch(() => classes.delete(id));
  return loading;
}

/** By file, as in `ccxt-signer.ts`: the whole index costs 150 MB. */
async function importClass(id: string): Promise<CcxtProClass> {
  const unknown = new RangeError(`ccxt does not stream from an exchange "${id.slice(0, 40)}"`);
  if (!/^[a-z0-9]{2,40}$/.test(id)) throw unknown;
  try {
    const index = createRequire(import.meta.url).resolve('ccxt');
    const file = new URL(`../js/src/pro/${id}.js`, pathToFileURL(index)).href;
    return ((await import(/* @vite-ignore */ file)) as { default: CcxtProClass }).default;
  } catch {
    const pro = (await import('ccxt')).pro as unknown as Readonly<Record<string, CcxtProClass>>;
    const found = Object.hasOwn(pro, id) ? pro[id] : undefined;
    if (found === undefined) throw unknown;
    return found;
  }
}
