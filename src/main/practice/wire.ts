import type { Random, Seams } from '../seams/seams';
import type { PracticeCore, PracticeKey } from './types';

export interface WireOptions {
  readonly seams: Seams;
  readonly spot: PracticeCore;
  readonly future: PracticeCore;
  /** Their accounts must be open in both cores. */
  readonly keys: readonly PracticeKey[];
  /** 0 picks a free one. */
  readonly port: number;
  /** Least wall time between two messages of a public stream; left out, the wire's own pace. */
  readonly pushMs?: number;
  /** Weight (or requests, where the exchange counts those) one address may use a minute; left out, the exchange's own. */
  readonly weightPerMinute?: number;
  /** A bug of the wire, in words; its caller got the exchange's "internal error". */
  onNotice?(text: string): void;
}

/** One exchange's protocol on a loopback port, over the markets that all wires share. */
export interface Wire {
  readonly port: number;
  /** Addresses by the names that the adapter of this exchange gives them (`live` in its folder's index). */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Constructor arguments for `new ccxt.pro.<id>(...)` by market, plain JSON, with the first key. */
  readonly ccxt: {
    readonly spot?: Record<string, unknown>;
    readonly future?: Record<string, unknown>;
  };
  close(): Promise<void>;
}

/** What a wire's folder offers. An idle wire must cost next to nothing: it listens to the market while somebody listens to it. */
export interface WireModule {
  /** ccxt's class name: "binance", "gate". */
  readonly ccxtId: string;
  /** A demo key as the exchange's keys look, without its account. */
  makeKey(random: Random): Omit<PracticeKey, 'account'>;
  /** @throws Error in words when the port cannot be had */
  open(options: WireOptions): Promise<Wire>;
}
