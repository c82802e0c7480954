import type { Symbol } from '#shared/domain/instrument';

/** Who is listened to on a socket, so that frames are recognised without a call to the exchange. */
export class Listened {
  readonly #symbols = new Map<string, Symbol>();
  readonly #spell: (symbol: Symbol) => string;

  /** `spell` writes a symbol as the exchange does. */
  constructor(spell: (symbol: Symbol) => string) {
    this.#spell = spell;
  }
  add(symbol: Symbol): void {
    this.#symbols.set(this.#spell(symbol), symbol);
  }
  /** Undefined for a symbol nobody asked for. */
  symbol(wireSymbol: string): Symbol | undefined {
    return this.#symbols.get(wireSymbol);
  }
}
