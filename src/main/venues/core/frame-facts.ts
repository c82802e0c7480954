import type { Decimal, OrderSide } from '#shared/domain/basics';
import { mul } from '#shared/domain/decimal';
import type { ExchangeName, MarketKind } from '#shared/domain/exchange';
import type { Candle, Level, MarketEvent } from '#shared/domain/market';
import type { Fill } from '#shared/domain/order';
import type { AccountEvent, VenueOrder } from '../venue';

/**
 * What one frame says, flat and alike for every exchange: the lines that `wavedesk decode` prints. Ids, prices and
 * amounts are text, times milliseconds; what the exchange did not say is null. `unit` stands beside an amount that
 * counts contracts whose size is not known here.
 */
export type FrameFact =
  | (Head & {
      readonly type: 'trade';
      readonly id: string;
      readonly side: OrderSide;
      readonly price: Decimal;
      readonly amount: Decimal;
      readonly unit?: 'contract';
    })
  | (Head & {
      readonly type: 'ticker';
      readonly last: Decimal | null;
      readonly bid: Decimal | null;
      readonly bid_amount: Decimal | null;
      readonly ask: Decimal | null;
      readonly ask_amount: Decimal | null;
      readonly change_percent: string | null;
      readonly quote_volume: string | null;
      readonly unit?: 'contract';
    })
  | (Head & {
      readonly type: 'book_snapshot' | 'book_delta';
      readonly first: string | null;
      readonly last: string | null;
      readonly bids: readonly Level[];
      readonly asks: readonly Level[];
      readonly unit?: 'contract';
    })
  | (Head & {
      readonly type: 'candle';
      readonly timeframe: string;
      readonly open: string;
      readonly high: string;
      readonly low: string;
      readonly close: string;
      readonly volume: string;
      readonly unit?: 'contract';
      /** Null where the exchange does not say. */
      readonly closed: boolean | null;
    })
  | (Head & { readonly type: 'mark_price'; readonly price: Decimal; readonly index: Decimal | null })
  | (Head & { readonly type: 'funding'; readonly rate: Decimal; readonly next_at: number | null })
  | (Head & {
      readonly type: 'open_interest';
      readonly amount: Decimal | null;
      readonly value: Decimal | null;
      readonly unit?: 'contract';
    })
  | (Head & {
      readonly type: 'liquidation';
      readonly side: OrderSide | null;
      readonly price: Decimal | null;
      readonly amount: Decimal | null;
      readonly unit?: 'contract';
    })
  | (Head & {
      readonly type: 'order';
      readonly order_id: string;
      readonly client_order_id: string | null;
      readonly side: OrderSide | null;
      readonly status: VenueOrder['status'];
      readonly amount: Decimal | null;
      readonly filled: Decimal | null;
      readonly average: Decimal | null;
      readonly trigger_price: Decimal | null;
      readonly reduce_only: boolean | null;
      readonly unit?: 'contract';
    })
  | (Head & {
      readonly type: 'fill';
      readonly id: string;
      readonly order_id: string;
      readonly client_order_id: string | null;
      readonly side: OrderSide;
      readonly price: Decimal;
      readonly amount: Decimal;
      /** Null beside an amount in contracts of unknown size. */
      readonly cost: Decimal | null;
      readonly fee: { readonly cost: Decimal; readonly currency: string } | null;
      readonly maker: boolean | null;
      readonly unit?: 'contract';
    })
  | (Where & {
      readonly type: 'balance';
      readonly asset: string;
      readonly free: Decimal | null;
      readonly locked: Decimal | null;
      readonly timestamp: number | null;
    })
  | (Head & {
      readonly type: 'position';
      /** Signed base units: negative is short. */
      readonly amount: Decimal;
      readonly entry_price: Decimal | null;
      readonly liquidation_price: Decimal | null;
      readonly unit?: 'contract';
    })
  | (Where & { readonly type: 'ack'; readonly what: string | null; readonly id: string | null })
  | (Where & { readonly type: 'auth'; readonly ok: boolean; readonly message: string | null })
  | (Where & { readonly type: 'error'; readonly code: string | null; readonly message: string })
  | (Where & { readonly type: 'pong' })
  | (Where & { readonly type: 'unknown'; readonly excerpt: string });

export interface Where {
  readonly exchange: ExchangeName;
  readonly market: MarketKind;
}
interface Head extends Where {
  /** Unified; null for a name that has no unified form here. */
  readonly symbol: string | null;
  /** Exchange time; null where the frame carries none. */
  readonly timestamp: number | null;
}

/** A public event as facts; a mark price that brings a funding rate is two. */
export function marketFacts(where: Where, event: MarketEvent): readonly FrameFact[] {
  const head: Head = { ...where, symbol: event.symbol, timestamp: event.venueTime };
  switch (event.type) {
    case 'trade': {
      const { tradeId: id, side, price, amount } = event;
      return [{ type: 'trade', ...head, id, side, price, amount }];
    }
    case 'top':
      return [
        {
          type: 'ticker',
          ...head,
          ...NO_TICKER,
          bid: event.bid,
          bid_amount: event.bidAmount,
          ask: event.ask,
          ask_amount: event.askAmount,
        },
      ];
    case 'ticker':
      return [
        {
          type: 'ticker',
          ...head,
          ...NO_TICKER,
          last: event.last,
          change_percent: event.change24h === null ? null : plain(event.change24h),
          quote_volume: event.volume24h === null ? null : plain(event.volume24h),
        },
      ];
    case 'mark': {
      const mark: FrameFact = { type: 'mark_price', ...head, price: event.mark, index: event.index };
      if (event.fundingRate === null) return [mark];
      return [mark, { type: 'funding', ...head, rate: event.fundingRate, next_at: event.nextFundingAt }];
    }
    case 'candle':
      return [candleFact(head, event.timeframe, event.candle)];
    case 'book-snapshot':
      return [{ type: 'book_snapshot', ...head, first: null, last: String(event.last), ...sides(event) }];
    case 'book-delta':
      return [
        {
          type: 'book_delta',
          ...head,
          first: String(event.first),
          last: String(event.last),
          ...sides(event),
        },
      ];
    case 'liquidation':
      return [{ type: 'liquidation', ...head, side: event.side, price: event.price, amount: event.amount }];
    case 'interest':
      return [{ type: 'open_interest', ...head, amount: event.base, value: event.quote }];
  }
}

const NO_TICKER = {
  last: null,
  bid: null,
  bid_amount: null,
  ask: null,
  ask_amount: null,
  change_percent: null,
  quote_volume: null,
} as const;
const sides = ({ bids, asks }: { readonly bids: readonly Level[]; readonly asks: readonly Level[] }) => ({
  bids,
  asks,
});
/** A painted number as plain text, never in scientific notation. */
const plain = (value: number): string =>
  /e/i.test(String(value)) ? value.toFixed(12).replace(/\.?0+$/, '') : String(value);

function candleFact(head: Head, timeframe: string, candle: Candle): FrameFact {
  const { open, high, low, close, volume, closed } = candle;
  return {
    type: 'candle',
    ...head,
    timestamp: candle.openTime,
    timeframe,
    open: plain(open),
    high: plain(high),
    low: plain(low),
    close: plain(close),
    volume: plain(volume),
    closed,
  };
}

/** A private event as facts. `resumed` says nothing of a frame. */
export function accountFacts(where: Where, event: AccountEvent): readonly FrameFact[] {
  switch (event.type) {
    case 'fill':
      return [fillFact(where, event.fill)];
    case 'order':
      return [orderFact(where, event.order)];
    case 'balances':
      return event.balances.map(({ asset, free, locked }) => ({
        type: 'balance' as const,
        ...where,
        asset,
        free,
        locked,
        timestamp: null,
      }));
    case 'positions':
      return event.positions.map((position) => ({
        type: 'position' as const,
        ...where,
        symbol: position.symbol,
        timestamp: null,
        amount: position.amount,
        entry_price: position.entryPrice,
        liquidation_price: position.liquidationPrice,
      }));
    case 'resumed':
      return [];
  }
}

function fillFact(where: Where, fill: Fill): FrameFact {
  return {
    type: 'fill',
    ...where,
    symbol: fill.symbol,
    timestamp: fill.venueTime,
    id: fill.tradeId,
    order_id: fill.venueOrderId,
    client_order_id: fill.clientOrderId,
    side: fill.side,
    price: fill.price,
    amount: fill.amount,
    cost: fill.cost ?? mul(fill.price, fill.amount),
    fee: fill.fee,
    maker: fill.maker,
  };
}

function orderFact(where: Where, order: VenueOrder): FrameFact {
  return {
    type: 'order',
    ...where,
    symbol: order.symbol,
    timestamp: order.updatedAt,
    order_id: order.venueOrderId,
    client_order_id: order.clientOrderId,
    side: order.side,
    status: order.status,
    amount: order.amount,
    filled: order.filled,
    average: order.averagePrice,
    trigger_price: order.triggerPrice,
    reduce_only: order.reduceOnly,
  };
}

const EXCERPT = 100;
/** A frame that is whole, but that nobody here understands. */
export const unknownFact = (where: Where, frame: string | Uint8Array): FrameFact => ({
  type: 'unknown',
  ...where,
  excerpt: (typeof frame === 'string' ? frame : Buffer.from(frame).toString('hex')).slice(0, EXCERPT),
});
