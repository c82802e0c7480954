import { addressOf, type HttpRequest, type HttpResponse, headerOf, readBody } from '../wire-kit/http';
import { createRateMeter } from '../wire-kit/meter';
import { checkRequest } from './auth';
import { bodyParams, type Call, queryParams } from './call';
import type { WireLimits } from './limits';
import { ROUTES, type Route, type Side } from './routes';
import { badParam, WireError } from './wire-error';

const MAX_BODY_BYTES = 64 * 1024;
const tooLarge = (): WireError => new WireError(10_001, 'params error: the body is too large');

export interface Sides {
  readonly spot: Side;
  readonly future: Side;
}
/** Which wallet a path leads to where a call names no category. */
export type Site = 'spot' | 'future';

/** Bybit's REST face over both markets, with the limits of addresses and accounts. */
export function createRest(sides: Sides, limits: WireLimits) {
  const { seams, keys } = sides.spot.market;
  const addresses = createRateMeter(limits.requests, limits.requestWindowMs);
  const bans = new Map<string, number>();
  const reads = createRateMeter(limits.readsPerSecond, 1_000);
  const writes = {
    spot: createRateMeter(limits.placesPerSecond.spot, 1_000),
    future: createRateMeter(limits.placesPerSecond.future, 1_000),
  };

  /** @throws WireError 403: the address is shut out for a while */
  const admit = (request: HttpRequest): void => {
    const address = addressOf(request);
    const now = seams.clock.now();
    const until = bans.get(address);
    if (until !== undefined && now >= until) bans.delete(address);
    if (!bans.has(address) && addresses.take(address, now).allowed) return;
    if (!bans.has(address)) bans.set(address, now + limits.banMs);
    throw new WireError(10_018, 'access too frequent', 403);
  };
  const take = (route: Route, side: Side, account: string, name: string) => {
    const meter = route.role === 'read' ? reads : writes[side.market.kind];
    return meter.take(`${account}|${name}|${side.market.kind}`, seams.clock.now());
  };
  const sideOf = (route: Route, { params }: Call, site: Site): Side => {
    const category = params.text('category');
    if (category === undefined) return sides[site];
    if (category !== 'spot' && category !== 'linear')
      throw badParam(`category ${category.slice(0, 20)} is not offered here`);
    if (category === 'spot' && route.futureOnly === true)
      throw badParam('category only support linear or inverse');
    return category === 'spot' ? sides.spot : sides.future;
  };

  return async (
    site: Site,
    path: string,
    query: string,
    request: HttpRequest,
    response: HttpResponse,
  ): Promise<void> => {
    const headers: Record<string, string> = { 'Content-Type': 'application/json; charset=utf-8' };
    const reply = (status: number, code: number, message: string, result: unknown): void => {
      const time = seams.clock.now();
      response.writeHead(status, headers);
      response.end(JSON.stringify({ retCode: code, retMsg: message, result, retExtInfo: {}, time }));
    };
    try {
      const body = await readBody(request, MAX_BODY_BYTES, tooLarge);
      admit(request);
      if (`${request.method} ${path}` === 'GET /v5/market/time') {
        reply(200, 0, 'OK', timeOf(seams.clock.now()));
        return;
      }
      const name = `${request.method} ${path}`;
      const route = ROUTES[name];
      if (route === undefined) throw new WireError(404, 'Not Found', 404);
      const params = request.method === 'GET' ? queryParams(query) : bodyParams(body);
      const signer =
        route.access === 'public'
          ? null
          : checkRequest(keys, signedOf(request, query, body), seams.clock.now());
      const call: Call = { params, account: signer?.account ?? '' };
      const category = params.text('category');
      // Markets that Bybit has and this exchange has nothing in: a question gets an empty answer.
      if (
        route.role === 'read' &&
        request.method === 'GET' &&
        (category === 'inverse' || category === 'option')
      ) {
        reply(200, 0, 'OK', { category, list: [], nextPageCursor: '' });
        return;
      }
      const side = sideOf(route, call, site);
      if (signer !== null) {
        const { allowed, limit, remaining, resetAt } = take(route, side, call.account, name);
        headers['X-Bapi-Limit'] = String(limit);
        headers['X-Bapi-Limit-Status'] = String(remaining);
        headers['X-Bapi-Limit-Reset-Timestamp'] = String(resetAt);
        if (!allowed) throw new WireError(10_006, 'Too many visits. Exceeded the API Rate Limit.');
      }
      reply(200, 0, 'OK', route.run(side, call, signer?.apiKey ?? ''));
    } catch (error) {
      if (!(error instanceof WireError)) sides.spot.market.bug(error);
      // A bug of ours is answered like one of theirs, and the outcome of an order then counts as unknown.
      const { status, code, message } =
        error instanceof WireError ? error : new WireError(10_016, 'Server error.');
      reply(status, code, message, {});
    }
  };
}

const timeOf = (now: number) => ({ timeSecond: String(Math.floor(now / 1_000)), timeNano: `${now}000000` });

const signedOf = (request: HttpRequest, query: string, body: string) => ({
  apiKey: headerOf(request, 'x-bapi-api-key'),
  timestamp: headerOf(request, 'x-bapi-timestamp'),
  recvWindow: headerOf(request, 'x-bapi-recv-window'),
  signature: headerOf(request, 'x-bapi-sign'),
  payload: request.method === 'GET' ? query : body,
});
