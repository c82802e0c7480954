import type { RejectCode } from '#main/matching/types';
import type { Listed } from './names';

/** An answer with an error status and text instead of JSON. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`HTTP ${status}`);
    this.name = 'HttpRefusal';
  }
}
export const unreadable = (): HttpRefusal =>
  new HttpRefusal(422, 'Failed to deserialize the JSON body into the target type');
/** For what the exchange does not know: it answers null, without a word. */
export const nothingThere = (): HttpRefusal => new HttpRefusal(500, 'null');

/** A whole action refused: {"status":"err","response":…}. */
export class ActionRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ActionRefusal';
  }
}

/** One order of an action refused: {"error":…} in its place. */
export class OrderRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OrderRefusal';
  }
}

/** The exchange's words for a refusal of the matching engine. `bbo` is "68009@68010". */
export function toOrderRefusal(code: RejectCode, listed: Listed, bbo: () => string): OrderRefusal {
  const { asset, symbol } = listed;
  return new OrderRefusal(wordsFor(code, symbol.minNotional, asset, bbo));
}

function wordsFor(code: RejectCode, least: string, asset: number, bbo: () => string): string {
  switch (code) {
    case 'bad-tick':
    case 'bad-price':
      return `Price must be divisible by tick size. asset=${asset}`;
    case 'bad-step':
    case 'too-large':
      return `Order has invalid size. asset=${asset}`;
    case 'too-small':
      return `Order has zero size. asset=${asset}`;
    case 'notional-too-small':
      return asset < 10_000
        ? `Order must have minimum value of $${least}. asset=${asset}`
        : `Order must have minimum value of ${least} USDC. asset=${asset}`;
    case 'insufficient-balance':
      return `Insufficient spot balance asset=${asset}`;
    case 'insufficient-margin':
      return `Insufficient margin to place order. asset=${asset}`;
    case 'post-only-would-take':
      return `Post only order would have immediately matched, bbo was ${bbo()}. asset=${asset}`;
    case 'would-trigger-at-once':
      return `Invalid TP/SL price. asset=${asset}`;
    case 'reduce-only-rejected':
      return `Reduce only order would increase position. asset=${asset}`;
    case 'no-liquidity':
      return `No liquidity available for market order. asset=${asset}`;
    case 'unknown-order':
      return `Order was never placed, already canceled, or filled. asset=${asset}`;
    case 'duplicate-client-id':
      return `Client order id already exists. asset=${asset}`;
    case 'unknown-symbol':
      return `Invalid asset. asset=${asset}`;
    case 'bad-leverage':
      return `Invalid leverage value. asset=${asset}`;
  }
}
