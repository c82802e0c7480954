import type { Decimal } from '#shared/domain/basics';
import { fromText, isPositive } from '#shared/domain/decimal';

/** How an exchange words what is wrong with a parameter. */
export interface ParamWords {
  missing(name: string): Error;
  /** Not of the kind that is asked for. */
  invalid(name: string): Error;
  /** Not a decimal number. */
  notDecimal(name: string): Error;
  notPositive(name: string): Error;
}

/** Parameters of one call, from a query, a form body or a websocket request. Unknown ones are ignored. */
export class Params {
  constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly words: ParamWords,
  ) {}

  static fromForm(words: ParamWords, ...texts: readonly string[]): Params {
    const values = new Map<string, string>();
    for (const text of texts) for (const [name, value] of new URLSearchParams(text)) values.set(name, value);
    return new Params(values, words);
  }
  static fromObject(words: ParamWords, object: Readonly<Record<string, unknown>>): Params {
    const values = new Map<string, string>();
    for (const [name, value] of Object.entries(object)) {
      if (value === null || value === undefined) continue;
      values.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    return new Params(values, words);
  }

  /** Undefined when absent or empty. */
  text(name: string): string | undefined {
    const value = this.values.get(name);
    return value === undefined || value === '' ? undefined : value;
  }
  need(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw this.words.missing(name);
    return value;
  }
  /** A decimal without a sign. */
  decimal(name: string): Decimal | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^[0-9]{1,20}(\.[0-9]{1,20})?$/.test(value)) throw this.words.notDecimal(name);
    return fromText(value);
  }
  needPositive(name: string): Decimal {
    const value = this.decimal(name);
    if (value === undefined) throw this.words.missing(name);
    if (!isPositive(value)) throw this.words.notPositive(name);
    return value;
  }
  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,19}$/.test(value)) throw this.words.invalid(name);
    return Number(value);
  }
  /** Within 1..max; above it the maximum, as most exchanges answer. */
  limit(fallback: number, max: number): number {
    const value = this.integer('limit') ?? fallback;
    if (value < 1) throw this.words.invalid('limit');
    return Math.min(value, max);
  }
  flag(name: string): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined || value === 'false') return false;
    if (value === 'true') return true;
    throw this.words.invalid(name);
  }
  oneOf<const T extends string>(name: string, choices: readonly T[], refuse: Error): T {
    const value = this.need(name);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw refuse;
    return found;
  }
}
