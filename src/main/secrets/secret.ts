import { inspect } from 'node:util';

const DOTS = '••••';

/** The last characters of a key, to tell keys apart. Of a short one nothing, since that would tell too much. */
export const lastFour = (text: string): string => (text.length >= 12 ? text.slice(-4) : '');

/**
 * Text that must not be printed. However it is put into a string, JSON or a log, it shows dots and at most the
 * last four characters; only `reveal` gives it.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }
  /** The text itself, for the moment of use. */
  reveal(): string {
    return this.#text;
  }
  get last4(): string {
    return lastFour(this.#text);
  }
  toString(): string {
    return `${DOTS} ${this.last4}`.trimEnd();
  }
  toJSON(): string {
    return this.toString();
  }
  [Symbol.toPrimitive](): string {
    return this.toString();
  }
  [inspect.custom](): string {
    return this.toString();
  }
}
