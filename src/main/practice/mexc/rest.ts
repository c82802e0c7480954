import { addressOf, type HttpRequest, type HttpResponse, readBody } from '../wire-kit/http';
import { createRateMeter } from '../wire-kit/meter';
import { Params } from '../wire-kit/params';
import { checkFuture, checkSpot } from './auth';
import type { Routes } from './routes';
import { WireError, wordsOf } from './wire-error';
import { print, type WireMarket } from './wire-market';

/** One market's REST face with its routes and its limit. */
export interface RestSide {
  readonly market: WireMarket;
  readonly routes: Routes;
  /** @throws WireError when the caller asks too much */
  take(address: string, path: string, weight: number): void;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Spot: 500 weight in 10 s for each endpoint and address. Futures: 20 requests in 2 s (placing, which the exchange
 * holds to 4, is let through as often as the rest). `perMinute` is one limit for all calls of an address instead.
 */
export function createLimit(market: WireMarket, perMinute: number | undefined): RestSide['take'] {
  const [limit, windowMs] =
    perMinute !== undefined ? [perMinute, 60_000] : market.kind === 'spot' ? [500, 10_000] : [20, 2_000];
  const meter = createRateMeter(limit, windowMs);
  return (address, path, weight) => {
    const now = market.seams.clock.now();
    const rate = meter.take(perMinute === undefined ? `${address} ${path}` : address, now, weight);
    if (rate.allowed) return;
    const waitS = Math.max(1, Math.ceil((rate.resetAt - now) / 1_000));
    throw market.kind === 'spot'
      ? new WireError(429, 'Too Many Requests', 429, waitS)
      : new WireError(510, 'Requests are too frequent, please try again later');
  };
}

/** Answers one request; every refusal becomes MEXC's JSON. Futures refuse with status 200. */
export async function answerRest(
  side: RestSide,
  request: HttpRequest,
  response: HttpResponse,
): Promise<void> {
  const { market } = side;
  const [path = '/', ...rest] = (request.url ?? '/').split('?');
  const query = rest.join('?');
  const method = request.method ?? 'GET';
  const spot = market.kind === 'spot';
  try {
    const found = side.routes(method, path);
    const body = await readBody(request, MAX_BODY_BYTES, () => new WireError(601, 'Data decoding error'));
    side.take(addressOf(request), `${method} ${path}`, found?.route.weight ?? 1);
    if (found === null) throw new WireError(404, `Not found: ${method} ${path}`, 404);
    const now = market.seams.clock.now();
    const check = spot ? checkSpot : checkFuture;
    const key = found.route.signed ? check(market.keys, request, query, body, now) : null;
    const json = body === '' ? undefined : readJson(body, spot);
    const params = paramsOf(market, query, spot ? body : '', json, found.named);
    const data = found.route.run({
      params,
      body: json,
      account: key?.account ?? '',
      apiKey: key?.apiKey ?? '',
    });
    send(response, 200, spot ? data : { success: true, code: 0, data });
  } catch (error) {
    const refusal = error instanceof WireError ? error : bug(market, error);
    const { code, message, retryAfterSeconds } = refusal;
    // A bug leaves the outcome unknown, which a status of the server says.
    const status = spot || refusal.status >= 500 || refusal.status === 404 ? refusal.status : 200;
    const headers = retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) };
    send(response, status, spot ? { code, msg: message } : { success: false, code, message }, headers);
  }
}

function bug(market: WireMarket, error: unknown): WireError {
  market.bug(error);
  return new WireError(500, 'Internal error', 500);
}

/** Spot takes forms as well, which are no JSON. */
function readJson(body: string, spot: boolean): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    if (spot) return undefined;
    throw new WireError(601, 'Data decoding error');
  }
}

function paramsOf(
  market: WireMarket,
  query: string,
  form: string,
  json: unknown,
  named: Record<string, string>,
): Params {
  const values: Record<string, unknown> = {};
  for (const text of [query, json === undefined ? form : ''])
    for (const [name, value] of new URLSearchParams(text)) values[name] = value;
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) Object.assign(values, json);
  return Params.fromObject(wordsOf(market.kind), { ...values, ...named });
}

function send(
  response: HttpResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json;charset=utf-8', ...headers });
  response.end(print(body));
}
