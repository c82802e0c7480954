import { Params, type ParamWords } from '../wire-kit/params';
import { invalid, missing, WireError } from './wire-error';

export type { Params } from '../wire-kit/params';

const WORDS: ParamWords = {
  missing,
  invalid,
  notDecimal: (name) =>
    new WireError(
      -1100,
      `Illegal characters found in parameter '${name}'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.`,
    ),
  notPositive: (name) => new WireError(-1013, `Invalid ${name}.`),
};

/** Parameters of a query and a form body; of a websocket request. */
export const formParams = (...texts: readonly string[]): Params => Params.fromForm(WORDS, ...texts);
export const objectParams = (object: Readonly<Record<string, unknown>>): Params =>
  Params.fromObject(WORDS, object);
