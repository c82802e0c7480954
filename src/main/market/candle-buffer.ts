import type { UnixMs } from '#shared/domain/basics';
import type { Candle } from '#shared/domain/market';

export const CLOSED_KEPT = 200;

/** What taking a candle led to: candles to tell, or a hole to fill first from its first missing open time. */
export type CandleStep =
  | { readonly kind: 'tell'; readonly candle: Candle }
  | { readonly kind: 'hole'; readonly since: UnixMs }
  | { readonly kind: 'old' };

/** The last closed candles of one instrument without a hole, and the open one apart. No clock, no network. */
export class CandleBuffer {
  readonly #periodMs: number;
  #closed: Candle[] = [];
  #open: Candle | null = null;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  get closed(): readonly Candle[] {
    return this.#closed;
  }
  get open(): Candle | null {
    return this.#open;
  }

  /** Takes a candle of the stream. On a hole nothing is kept: `fill` comes first, then the candle again. */
  take(candle: Candle): CandleStep {
    const expected = this.#expected();
    if (expected !== null && candle.openTime < expected) return { kind: 'old' };
    if (expected !== null && candle.openTime > expected) return { kind: 'hole', since: expected as UnixMs };
    this.#put(candle);
    return { kind: 'tell', candle };
  }

  /**
   * Puts in what a question brought, ascending. The exchange's own holes (it was down, the instrument was new)
   * stay. Returns the closed ones that are news.
   */
  fill(candles: readonly Candle[]): Candle[] {
    const news: Candle[] = [];
    for (const candle of candles) {
      const last = this.#closed.at(-1);
      if (last !== undefined && candle.openTime <= last.openTime) continue;
      this.#put(candle);
      if (candle.closed) news.push(candle);
    }
    return news;
  }

  /** Takes a candle whatever is missing before it: the exchange was asked and has nothing more. */
  force(candle: Candle): void {
    const last = this.#closed.at(-1);
    if (last === undefined || candle.openTime > last.openTime) this.#put(candle);
  }

  #expected(): number | null {
    const last = this.#closed.at(-1);
    if (last !== undefined) return last.openTime + this.#periodMs;
    return this.#open?.openTime ?? null;
  }

  #put(candle: Candle): void {
    if (!candle.closed) {
      this.#open = candle;
      return;
    }
    this.#closed.push(candle);
    if (this.#closed.length > CLOSED_KEPT) this.#closed.shift();
    this.#open = null;
  }
}
