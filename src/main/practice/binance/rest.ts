import { addressOf, type HttpRequest, type HttpResponse, headerOf, readBody } from '../wire-kit/http';
import { checkSignature, checkTime, findKey, splitSignature } from './auth';
import type { WeightMeter } from './limits';
import { formParams, type Params } from './params';
import type { Route } from './routes';
import { missing, WireError } from './wire-error';
import type { WireMarket } from './wire-market';

/** One market's REST face with its meter and its routes. */
export interface RestSide {
  readonly market: WireMarket;
  readonly meter: WeightMeter;
  readonly routes: ReadonlyMap<string, Route>;
}

const MAX_BODY_BYTES = 64 * 1024;

const tooLarge = (): WireError => new WireError(-1101, 'Too many parameters; the body is too large.', 413);

interface Sent {
  readonly query: string;
  readonly body: string;
}

/** Query and body exactly as sent, without the signature, in the order Binance signs them. */
function signedBytes({ query, body }: Sent): { readonly payload: string; readonly signature: string | null } {
  const inQuery = splitSignature(query);
  const inBody = splitSignature(body);
  return { payload: inQuery.payload + inBody.payload, signature: inBody.signature ?? inQuery.signature };
}

function authenticate(side: RestSide, route: Route, request: HttpRequest, sent: Sent, params: Params) {
  if (route.security === 'none') return { account: '', apiKey: '' };
  const key = findKey(side.market.keys, headerOf(request, 'x-mbx-apikey'));
  if (route.security === 'signed') {
    const { payload, signature } = signedBytes(sent);
    if (signature === null || signature === '') throw missing('signature');
    checkSignature(key, payload, signature);
    checkTime(params.text('timestamp'), params.text('recvWindow'), side.market.seams.clock.now());
  }
  return { account: key.account, apiKey: key.apiKey };
}

function orderHeaders(side: RestSide, account: string): Record<string, string> {
  const { short, long } = side.market.orders.counts(account, side.market.seams.clock.now());
  const longName = side.market.kind === 'spot' ? '1D' : '1M';
  return { 'X-MBX-ORDER-COUNT-10S': String(short), [`X-MBX-ORDER-COUNT-${longName}`]: String(long) };
}

/** Answers one request; every refusal becomes Binance's JSON with its status. */
export async function answerRest(
  side: RestSide,
  name: string,
  query: string,
  request: HttpRequest,
  response: HttpResponse,
): Promise<void> {
  const { market, meter } = side;
  const address = addressOf(request);
  const headers: Record<string, string> = {};
  const reply = (status: number, body: unknown): void => {
    const text = JSON.stringify(body);
    const used = String(meter.used(address, market.seams.clock.now()));
    response.writeHead(status, {
      'Content-Type': 'application/json;charset=UTF-8',
      'X-MBX-USED-WEIGHT': used,
      'X-MBX-USED-WEIGHT-1M': used,
      ...headers,
    });
    response.end(text);
  };

  try {
    const route = side.routes.get(name);
    const body = await readBody(request, MAX_BODY_BYTES, tooLarge);
    const now = market.seams.clock.now();
    const params = formParams(query, body);
    const weight = route?.weight(params) ?? 1;
    meter.take(address, weight, now);
    if (route === undefined) {
      const [method, path] = name.split(' ');
      throw new WireError(-5000, `Path ${path}, Method ${method} is invalid`, 404);
    }
    const { account, apiKey } = authenticate(side, route, request, { query, body }, params);
    if (route.role === 'place') {
      Object.assign(headers, orderHeaders(side, account));
      market.orders.take(account, now);
      Object.assign(headers, orderHeaders(side, account));
    }
    const result = route.run({ params, account, apiKey });
    if (market.kind === 'spot' && route.role !== 'read') meter.giveBack(address, weight, now);
    reply(200, result);
  } catch (error) {
    const wire = toRefusal(error, market);
    if (wire.retryAfterSeconds !== null) headers['Retry-After'] = String(wire.retryAfterSeconds);
    reply(wire.status, wire.body());
  }
}

/** A bug of ours is answered like one of theirs: -1000, and the outcome of an order then counts as unknown. */
export function toRefusal(error: unknown, market: WireMarket): WireError {
  if (error instanceof WireError) return error;
  market.bug(error);
  return new WireError(-1000, 'An unknown error occurred while processing the request.', 500);
}
