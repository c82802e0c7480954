import type { Instrument } from '#shared/domain/instrument';
import { bad } from './fields';

/** Two-way table of one market's symbols, filled from its instruments. */
export class SymbolTable {
  readonly #byWire = new Map<string, Instrument>();

  fill(instruments: readonly Instrument[]): void {
    for (const instrument of instruments) this.#byWire.set(instrument.wireSymbol, instrument);
  }
  get filled(): boolean {
    return this.#byWire.size > 0;
  }
  /** Undefined for what we do not trade (delivery contracts, names we cannot spell). */
  instrument(wireSymbol: string): Instrument | undefined {
    return this.#byWire.get(wireSymbol);
  }
  /** @throws ProtocolError when the venue speaks of a symbol it never listed. */
  known(wireSymbol: string): Instrument {
    const instrument = this.#byWire.get(wireSymbol);
    if (instrument === undefined) throw bad('unknown symbol', wireSymbol);
    return instrument;
  }
}

/**
 * Resolves when `filled` holds, asking first where it does not. Many ask at once after a start; one question answers all,
 * and a failed one is forgotten, so that the next to come asks again.
 */
export function createReady(filled: () => boolean, ask: () => Promise<unknown>): () => Promise<void> {
  let asking: Promise<unknown> | null = null;
  return async () => {
    if (filled()) return;
    asking ??= ask().finally(() => {
      asking = null;
    });
    await asking;
  };
}
