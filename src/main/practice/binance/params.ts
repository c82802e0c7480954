import type { Decimal } from '#shared/domain/basics';
import { fromText, isPositive } from '#shared/domain/decimal';
import { invalid, missing, WireError } from './wire-error';

/** Parameters of one call, from a query, a form body or a websocket request. Unknown ones are ignored. */
export class Params {
  constructor(private readonly values: ReadonlyMap<string, string>) {}

  static fromForm(...texts: readonly string[]): Params {
    const values = new Map<string, string>();
    for (const text of texts) for (const [name, value] of new URLSearchParams(text)) values.set(name, value);
    return new Params(values);
  }
  static fromObject(object: Readonly<Record<string, unknown>>): Params {
    const values = new Map<string, string>();
    for (const [name, value] of Object.entries(object)) {
      if (value === null || value === undefined) continue;
      values.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    return new Params(values);
  }

  /** Undefined when absent or empty. */
  text(name: string): string | undefined {
    const value = this.values.get(name);
    return value === undefined || value === '' ? undefined : value;
  }
  need(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missing(name);
    return value;
  }
  /** A positive decimal. @throws WireError -1100 on other text, -1013 at zero or below. */
  decimal(name: string): Decimal | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^[0-9]{1,20}(\.[0-9]{1,20})?$/.test(value))
      throw new WireError(
        -1100,
        `Illegal characters found in parameter '${name}'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.`,
      );
    return fromText(value);
  }
  needPositive(name: string): Decimal {
    const value = this.decimal(name);
    if (value === undefined) throw missing(name);
    if (!isPositive(value)) throw new WireError(-1013, `Invalid ${name}.`);
    return value;
  }
  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,19}$/.test(value)) throw invalid(name);
    return Number(value);
  }
  /** Within 1..max; above it Binance answers with the maximum on most calls, and so do we. */
  limit(fallback: number, max: number): number {
    const value = this.integer('limit') ?? fallback;
    if (value < 1) throw invalid('limit');
    return Math.min(value, max);
  }
  flag(name: string): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined || value === 'false') return false;
    if (value === 'true') return true;
    throw invalid(name);
  }
  oneOf<const T extends string>(name: string, choices: readonly T[], refuse: WireError): T {
    const value = this.need(name);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw refuse;
    return found;
  }
}
