import type { PracticeKey } from '../types';
import { addressOf, type HttpRequest, type HttpResponse, headerOf, readBody } from '../wire-kit/http';
import type { Rate, RateMeter } from '../wire-kit/meter';
import { Params } from '../wire-kit/params';
import { checkSigned } from './auth';
import type { Limits } from './limits';
import { findRoute, type Route, type Routes } from './routes';
import { badParam, notServed, PARAM_WORDS, WireError } from './wire-error';
import type { GateMarket } from './wire-market';

export const PREFIX = '/api/v4';
const MAX_BODY_BYTES = 64 * 1024;

export interface RestSide {
  readonly spot: GateMarket;
  readonly keys: readonly PracticeKey[];
  readonly routes: Routes;
  readonly limits: Limits;
}

/** Answers one request; every refusal becomes Gate's JSON with its status. */
export async function answerRest(
  side: RestSide,
  request: HttpRequest,
  response: HttpResponse,
): Promise<void> {
  const { seams } = side.spot;
  const headers: Record<string, string> = {};
  const reply = (status: number, body: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const count = (meter: RateMeter, key: string): void => {
    const rate = meter.take(key, seams.clock.now());
    Object.assign(headers, rateHeaders(rate));
    if (!rate.allowed) throw new WireError('TOO_MANY_REQUESTS', 'Request Rate limit Exceeded (311)', 429);
  };
  try {
    const [path = '/', ...rest] = (request.url ?? '/').split('?');
    const query = rest.join('?');
    const id = headerOf(request, 'x-client-request-id');
    if (id !== undefined) headers['X-Client-Request-Id'] = id.slice(0, 64);
    const body = await readBody(request, MAX_BODY_BYTES, () => badParam('The body is too large'));
    const method = request.method ?? 'GET';
    const found = path.startsWith(`${PREFIX}/`)
      ? findRoute(side.routes, method, path.slice(PREFIX.length))
      : undefined;
    if (found === undefined) throw notServed(`${method} ${path.slice(0, 80)}`);
    const { route, name } = found;
    if (!route.isPrivate) count(side.limits.open, `${addressOf(request)}|${name}`);
    const account = route.isPrivate ? authenticate(side, request, { method, path, query, body }) : '';
    if (route.isPrivate) count(meterOf(side.limits, name, route), `${account}|${name}`);
    checkExpiry(request, seams.clock.now());
    const params = Params.fromObject(PARAM_WORDS, { ...fromQuery(query), ...fromBody(body) });
    reply(route.status, route.run({ params, id: found.id, account }));
  } catch (error) {
    const refusal = toRefusal(error, side.spot);
    reply(refusal.status, refusal.body());
  }
}

const rateHeaders = ({ limit, remaining, resetAt }: Rate): Record<string, string> => ({
  'X-Gate-RateLimit-Limit': String(limit),
  'X-Gate-RateLimit-Requests-Remain': String(remaining),
  'X-Gate-RateLimit-Reset-Timestamp': String(Math.ceil(resetAt / 1_000)),
});

const meterOf = (limits: Limits, name: string, { role }: Route): RateMeter => {
  if (role === 'read') return limits.own;
  if (role === 'cancel') return limits.cancel;
  return name.includes('/spot/') ? limits.placeSpot : limits.placeFuture;
};

function authenticate(
  { keys, spot }: RestSide,
  request: HttpRequest,
  sent: { readonly method: string; readonly path: string; readonly query: string; readonly body: string },
): string {
  const signed = {
    ...sent,
    query: unescape(sent.query),
    key: headerOf(request, 'key'),
    time: headerOf(request, 'timestamp'),
    signature: headerOf(request, 'sign'),
  };
  return checkSigned(keys, signed, spot.seams.clock.now()).account;
}

/** The signature covers the query unescaped. */
function unescape(query: string): string {
  try {
    return decodeURIComponent(query.replace(/\+/g, ' '));
  } catch {
    throw badParam('Invalid query');
  }
}

/** Too late is not done at all. @throws WireError */
function checkExpiry(request: HttpRequest, now: number): void {
  const expiry = headerOf(request, 'x-gate-exptime');
  if (expiry === undefined) return;
  if (!/^\d{1,15}$/.test(expiry)) throw badParam('Invalid X-Gate-Exptime');
  if (now > Number(expiry))
    throw new WireError('REQUEST_EXPIRED', 'The request came after X-Gate-Exptime', 403);
}

const fromQuery = (query: string): Record<string, unknown> => Object.fromEntries(new URLSearchParams(query));

function fromBody(body: string): Record<string, unknown> {
  if (body === '') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new WireError('INVALID_REQUEST_BODY', 'The body is not a JSON object');
}

/** A bug of ours is answered like one of theirs, and the outcome of an order then counts as unknown. */
export function toRefusal(error: unknown, market: GateMarket): WireError {
  if (error instanceof WireError) return error;
  market.bug(error);
  return new WireError('SERVER_ERROR', 'Internal server error', 500);
}
