import type { Seams, Undo } from '#main/seams/seams';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import { bad } from '../core/fields';
import { VenueError } from '../venue';
import type { Rest } from './rest';
import { decodeInstruments, type GateInstrument, toWireSymbol } from './symbols';

/** Waits before the list of instruments is asked for again; the last one repeats. */
const RETRY_MS: readonly number[] = [1_000, 2_000, 5_000, 15_000, 30_000];

/** One market's instruments, with the size of their contracts, which every amount on the wire needs. */
export class Listings {
  readonly #byWire = new Map<string, GateInstrument>();
  readonly #rest: Rest;
  readonly #market: MarketKind;
  #loading: Promise<readonly GateInstrument[]> | null = null;

  constructor(rest: Rest, market: MarketKind) {
    this.#rest = rest;
    this.#market = market;
  }

  get filled(): boolean {
    return this.#byWire.size > 0;
  }
  find(wireSymbol: string): GateInstrument | undefined {
    return this.#byWire.get(wireSymbol);
  }
  /** @throws ProtocolError when the venue speaks of a symbol it never listed */
  known(wireSymbol: string): GateInstrument {
    const instrument = this.#byWire.get(wireSymbol);
    if (instrument === undefined) throw bad('unknown symbol', wireSymbol);
    return instrument;
  }
  /** Once filled. @throws VenueError */
  ofSymbol(symbol: Symbol): GateInstrument {
    const instrument = this.#byWire.get(toWireSymbol(symbol));
    if (instrument?.symbol !== symbol)
      throw new VenueError('unknown-symbol', `Gate does not list ${symbol} on ${this.#market}`);
    return instrument;
  }

  /** Asks for the list. @throws VenueError */
  async load(): Promise<readonly GateInstrument[]> {
    const data = await this.#rest.ask(
      this.#market === 'spot'
        ? { access: 'public', section: 'spot', method: 'GET', path: 'currency_pairs' }
        : { access: 'public', section: 'futures', method: 'GET', path: 'usdt/contracts' },
    );
    const list = readAnswer({ data }, 'GET instruments', (fields) =>
      decodeInstruments(fields.data, this.#market),
    );
    for (const instrument of list) this.#byWire.set(instrument.wireSymbol, instrument);
    return list;
  }

  /** Many ask at once after a start; one question answers all. @throws VenueError */
  async ready(): Promise<void> {
    if (this.filled) return;
    this.#loading ??= this.load().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
  }

  /** Runs once the list is there, asking for it as often as it takes; at once when it is. */
  whenReady(timers: Seams['timers'], start: () => Undo): Undo {
    if (this.filled) return start();
    let over = false;
    let undo: Undo = () => {};
    const tryOnce = (attempt: number): void => {
      this.ready().then(
        () => {
          if (!over) undo = start();
        },
        () => {
          if (over) return;
          const waitMs = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!;
          undo = timers.after(waitMs, () => tryOnce(attempt + 1));
        },
      );
    };
    tryOnce(0);
    return () => {
      over = true;
      undo();
    };
  }
}
