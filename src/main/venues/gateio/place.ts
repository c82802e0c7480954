import { type ClientOrderId, type Decimal, VenueOrderId } from '#shared/domain/basics';
import { div, eq, mul, neg, toStep } from '#shared/domain/decimal';
import type { OrderRequest } from '#shared/domain/order';
import type { Answer } from '../core/answer';
import { type Fields, fieldsOf } from '../core/fields';
import { OrderNames } from '../core/order-names';
import type { CancelOutcome, PlaceOutcome } from '../venue';
import { isNotOpenLabel } from './answer';
import { toText } from './client-ids';
import { decodeFutureOrder, decodeSpotOrder, idText } from './order-rows';
import type { RestCall } from './rest';
import type { GateInstrument } from './symbols';

/** Order kinds that Gate keeps in its price-triggered family. */
export const isConditional = (request: Pick<OrderRequest, 'type'>): boolean =>
  request.type === 'stop-market' || request.type === 'take-profit-market' || request.type === 'trailing-stop';

/** A spot buy that Gate would count in quote leaves as a limit this much above the market instead. */
const ABOVE_MARKET = '1.05' as Decimal;

/** Whether this order cannot be written down without knowing the best ask. */
export const wantsAsk = (request: OrderRequest, { market }: GateInstrument): boolean =>
  market === 'spot' && request.type === 'market' && request.side === 'buy';

/**
 * The one request that places this order, or in words why it cannot be written down for Gate. `ask`: the best ask of a
 * spot market buy.
 */
export function placeCall(
  request: OrderRequest,
  instrument: GateInstrument,
  ask: Decimal | null,
): RestCall | string {
  const text = toText(request.clientOrderId);
  if (text === null) return `Gate takes at most 28 characters of an order id, not ${request.clientOrderId}`;
  const problem = problemOf(request, instrument, ask);
  if (problem !== null) return problem;
  const spot = instrument.market === 'spot';
  const conditional = isConditional(request);
  const params = spot
    ? conditional
      ? spotTrigger(request, instrument, text)
      : spotOrder(request, instrument, text, ask)
    : conditional
      ? futureTrigger(request, instrument, text)
      : futureOrder(request, instrument, text);
  const path = `${spot ? '' : 'usdt/'}${conditional ? 'price_orders' : 'orders'}`;
  return {
    access: 'private',
    section: spot ? 'spot' : 'futures',
    method: 'POST',
    path,
    params,
    expires: true,
  };
}

function problemOf(request: OrderRequest, instrument: GateInstrument, ask: Decimal | null): string | null {
  const { type, amount } = request;
  if (type === 'trailing-stop') return 'Gate takes no trailing stops here; the app trails by itself';
  const future = instrument.market === 'future';
  if (request.closePosition && !(future && isConditional(request)))
    return 'only a conditional futures order can close a whole position';
  if (amount === null && !request.closePosition) return 'the order has no amount';
  if (type === 'limit' && request.price === null) return 'a limit order needs a price';
  if (isConditional(request) && request.triggerPrice === null) return 'a stop needs a trigger price';
  if (wantsAsk(request, instrument) && ask === null)
    return 'Gate counts a spot market buy in quote, and its best ask is not known';
  if (future && amount !== null && contractsOf(amount, instrument) === null)
    return `${amount} ${instrument.base} is no whole number of contracts of ${instrument.contractSize} ${instrument.base}`;
  return null;
}

/** Base units as contracts, exactly; null when they do not come out even. */
export function contractsOf(amount: Decimal, { contractSize, stepSize }: GateInstrument): Decimal | null {
  const contracts = div(amount, contractSize);
  const even = toStep(contracts, div(stepSize, contractSize), 'half-up');
  return eq(mul(even, contractSize), amount) ? even : null;
}

/** A size as JSON: whole ones as a number, which every version of the interface reads, fractions as text. */
const sizeOf = (request: OrderRequest, instrument: GateInstrument): number | string => {
  const contracts = contractsOf(request.amount!, instrument)!;
  const signed = request.side === 'sell' ? neg(contracts) : contracts;
  return /^-?\d{1,15}$/.test(signed) ? Number(signed) : signed;
};

const TIME_IN_FORCE = { gtc: 'gtc', ioc: 'ioc', fok: 'fok', 'post-only': 'poc' } as const;

// Price 0 with ioc is a market order.
const futureOrder = (request: OrderRequest, instrument: GateInstrument, text: string) => ({
  contract: instrument.wireSymbol,
  size: sizeOf(request, instrument),
  price: request.type === 'limit' ? request.price! : '0',
  tif: request.type === 'limit' ? TIME_IN_FORCE[request.timeInForce ?? 'gtc'] : 'ioc',
  ...(request.reduceOnly ? { reduce_only: true } : {}),
  text,
});

/** Fires at or above (1) or at or below (2) the trigger: a stop waits on the far side of the market, a target before it. */
const fires = (request: OrderRequest): 'up' | 'down' =>
  (request.type === 'stop-market') === (request.side === 'buy') ? 'up' : 'down';

// No expiration: left out, it waits until it is cancelled. ccxt lets a spot one expire after a day.
const futureTrigger = (request: OrderRequest, instrument: GateInstrument, text: string) => ({
  initial: {
    contract: instrument.wireSymbol,
    price: '0',
    tif: 'ioc',
    text,
    ...(request.closePosition
      ? { size: 0, close: true }
      : { size: sizeOf(request, instrument), ...(request.reduceOnly ? { reduce_only: true } : {}) }),
  },
  trigger: {
    strategy_type: 0,
    // The last price, as everywhere in this app.
    price_type: 0,
    price: request.triggerPrice!,
    rule: fires(request) === 'up' ? 1 : 2,
  },
  ...(request.closePosition
    ? { order_type: request.side === 'sell' ? 'close-long-position' : 'close-short-position' }
    : {}),
});

function spotOrder(request: OrderRequest, instrument: GateInstrument, text: string, ask: Decimal | null) {
  const common = {
    currency_pair: instrument.wireSymbol,
    account: 'spot',
    side: request.side,
    amount: request.amount!,
    text,
  };
  if (request.type === 'limit') {
    const time_in_force = TIME_IN_FORCE[request.timeInForce ?? 'gtc'];
    return { ...common, type: 'limit', price: request.price!, time_in_force };
  }
  // trap: the amount of a market buy is quote. A limit well above the ask buys the base amount at market all the same.
  if (request.side === 'buy')
    return { ...common, type: 'limit', price: aboveMarket(ask!, instrument), time_in_force: 'ioc' };
  return { ...common, type: 'market', time_in_force: 'ioc' };
}

const aboveMarket = (price: Decimal, { tickSize }: GateInstrument): Decimal =>
  toStep(mul(price, ABOVE_MARKET), tickSize, 'up');

const spotTrigger = (request: OrderRequest, instrument: GateInstrument, text: string) => ({
  market: instrument.wireSymbol,
  trigger: { price: request.triggerPrice!, rule: fires(request) === 'up' ? '>=' : '<=' },
  put: {
    // Again: at market a buy would count quote.
    ...(request.side === 'buy'
      ? { type: 'limit', price: aboveMarket(request.triggerPrice!, instrument) }
      : { type: 'market', price: '0' }),
    side: request.side,
    amount: request.amount!,
    account: 'normal',
    time_in_force: 'ioc',
    text,
  },
});

/** What the answer to a placement proves. Anything that proves nothing is unknown. */
export function toPlaceOutcome(
  answer: Answer,
  request: OrderRequest,
  instrument: GateInstrument,
): PlaceOutcome {
  switch (answer.kind) {
    case 'not-sent':
      return { kind: 'not-sent', message: answer.message };
    case 'lost':
      return { kind: 'unknown', message: answer.message };
    case 'refused':
      // The id is taken: an earlier copy of this very order may be the one that has it.
      if (/duplicate/i.test(`${answer.code} ${answer.message}`))
        return { kind: 'unknown', message: `the exchange already has this order id: ${answer.message}` };
      return {
        kind: 'rejected',
        code: String(answer.code ?? `http-${answer.status}`),
        message: answer.message,
      };
    case 'ok':
      return toAccepted(answer.data, request, instrument);
  }
}

function toAccepted(data: unknown, request: OrderRequest, instrument: GateInstrument): PlaceOutcome {
  try {
    const row = fieldsOf(data, 'order');
    // A trigger order is answered with its id alone.
    if (isConditional(request))
      return { kind: 'accepted', venueOrderId: VenueOrderId.parse(idText(row, 'id')), status: 'open' };
    return acceptedOrder(row, request.clientOrderId, instrument);
  } catch (error) {
    return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
  }
}

function acceptedOrder(row: Fields, clientOrderId: ClientOrderId, instrument: GateInstrument): PlaceOutcome {
  const venueOrderId = VenueOrderId.parse(idText(row, 'id'));
  if (row.text !== toText(clientOrderId))
    return { kind: 'unknown', message: `the exchange answered about order ${String(row.text).slice(0, 40)}` };
  // action_mode ACK leaves everything but the ids out; the stream tells the rest.
  if (row.left === undefined) return { kind: 'accepted', venueOrderId, status: 'open' };
  const decode = instrument.market === 'spot' ? decodeSpotOrder : decodeFutureOrder;
  const { status } = decode(row, instrument, new OrderNames());
  return { kind: 'accepted', venueOrderId, status };
}

/** What the answer to a cancel proves. */
export function toCancelOutcome(answer: Answer): CancelOutcome {
  if (answer.kind === 'ok') return { kind: 'cancelled' };
  return answer.kind === 'refused' && isNotOpenLabel(answer.code)
    ? { kind: 'not-open', message: answer.message }
    : { kind: 'unknown', message: answer.message };
}
