import type { ServerSocket } from '#main/seams/seams';
import type { Listeners } from '../wire-kit/listeners';
import { checkSignature, checkTime, findKey, webSocketPayload } from './auth';
import { objectParams } from './params';
import { type RestSide, toRefusal } from './rest';
import { missing, unsupported, WireError } from './wire-error';

/** The REST call behind a websocket method. The account a method serves is named by its key, as over REST. */
const SPOT_METHODS: Readonly<Record<string, string>> = {
  ping: 'GET /api/v3/ping',
  time: 'GET /api/v3/time',
  exchangeInfo: 'GET /api/v3/exchangeInfo',
  depth: 'GET /api/v3/depth',
  'trades.recent': 'GET /api/v3/trades',
  'trades.aggregate': 'GET /api/v3/aggTrades',
  klines: 'GET /api/v3/klines',
  'ticker.24hr': 'GET /api/v3/ticker/24hr',
  'ticker.price': 'GET /api/v3/ticker/price',
  'ticker.book': 'GET /api/v3/ticker/bookTicker',
  'order.place': 'POST /api/v3/order',
  'order.test': 'POST /api/v3/order/test',
  'order.status': 'GET /api/v3/order',
  'order.cancel': 'DELETE /api/v3/order',
  'openOrders.status': 'GET /api/v3/openOrders',
  'openOrders.cancelAll': 'DELETE /api/v3/openOrders',
  'account.status': 'GET /api/v3/account',
  allOrders: 'GET /api/v3/allOrders',
  myTrades: 'GET /api/v3/myTrades',
};
const FUTURE_METHODS: Readonly<Record<string, string>> = {
  ping: 'GET /fapi/v1/ping',
  time: 'GET /fapi/v1/time',
  depth: 'GET /fapi/v1/depth',
  'ticker.price': 'GET /fapi/v1/ticker/price',
  'ticker.book': 'GET /fapi/v1/ticker/bookTicker',
  'order.place': 'POST /fapi/v1/order',
  'order.status': 'GET /fapi/v1/order',
  'order.cancel': 'DELETE /fapi/v1/order',
  'algoOrder.place': 'POST /fapi/v1/algoOrder',
  'algoOrder.cancel': 'DELETE /fapi/v1/algoOrder',
  'account.balance': 'GET /fapi/v2/balance',
  'v2/account.balance': 'GET /fapi/v2/balance',
  'account.position': 'GET /fapi/v2/positionRisk',
  'v2/account.position': 'GET /fapi/v3/positionRisk',
  'account.status': 'GET /fapi/v2/account',
  'v2/account.status': 'GET /fapi/v3/account',
  'userDataStream.start': 'POST /fapi/v1/listenKey',
  'userDataStream.ping': 'PUT /fapi/v1/listenKey',
  'userDataStream.stop': 'DELETE /fapi/v1/listenKey',
};

interface Request {
  readonly id: unknown;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

function readRequest(text: string): Request {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new WireError(-1135, 'Invalid JSON Request');
  }
  const { id, method, params } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as {
    id?: unknown;
    method?: unknown;
    params?: unknown;
  };
  if (typeof method !== 'string') throw missing('method');
  const object = typeof params === 'object' && params !== null ? (params as Record<string, unknown>) : {};
  return { id: id ?? null, method, params: object };
}

/** One connection of the websocket API: requests like REST, and on spot the private stream. */
export function openApiSocket(options: {
  readonly socket: Pick<ServerSocket, 'send' | 'remoteAddress'>;
  readonly side: RestSide;
  readonly listeners: Listeners;
}) {
  const { socket, side, listeners } = options;
  const { market, meter } = side;
  const address = socket.remoteAddress;
  const spot = market.kind === 'spot';
  const methods = spot ? SPOT_METHODS : FUTURE_METHODS;
  const subscriptions = new Map<number, { readonly account: string; readonly stop: () => void }>();
  let nextSubscription = 0;
  const connectedSince = market.seams.clock.now();

  const account = (request: Request, security: 'none' | 'key' | 'signed') => {
    if (security === 'none') return { account: '', apiKey: '' };
    const key = findKey(market.keys, textOf(request.params.apiKey));
    if (security === 'signed') {
      const signature = textOf(request.params.signature);
      if (signature === undefined) throw missing('signature');
      checkSignature(key, webSocketPayload(request.params), signature);
      checkTime(
        textOf(request.params.timestamp),
        textOf(request.params.recvWindow),
        market.seams.clock.now(),
      );
    }
    return { account: key.account, apiKey: key.apiKey };
  };

  const subscribe = (request: Request) => {
    const { account: name } = account(request, 'signed');
    for (const one of subscriptions.values())
      if (one.account === name)
        throw new WireError(
          -2035,
          'This account already has an active user data stream subscription on this connection.',
        );
    const subscriptionId = nextSubscription++;
    const stop = listeners.add(name, (event) => socket.send(JSON.stringify({ subscriptionId, event })));
    subscriptions.set(subscriptionId, { account: name, stop });
    return { subscriptionId };
  };
  const unsubscribe = (request: Request) => {
    const only = request.params.subscriptionId;
    const ids = only === undefined ? [...subscriptions.keys()] : [Number(only)];
    for (const id of ids) {
      const one = subscriptions.get(id);
      if (one === undefined) throw new WireError(-2036, 'The user data stream subscription is not active.');
      one.stop();
      subscriptions.delete(id);
      const event = { e: 'eventStreamTerminated', E: market.core.clock.now() };
      socket.send(JSON.stringify({ subscriptionId: id, event }));
    }
    return {};
  };
  const status = () => ({
    apiKey: null,
    authorizedSince: null,
    connectedSince,
    returnRateLimits: true,
    serverTime: market.seams.clock.now(),
    userDataStream: subscriptions.size > 0,
  });

  const special: Readonly<Record<string, (request: Request) => unknown>> = {
    ...(spot
      ? {
          'userDataStream.subscribe.signature': subscribe,
          'userDataStream.unsubscribe': unsubscribe,
          'session.subscriptions': () => [...subscriptions.keys()].map((id) => ({ subscriptionId: id })),
        }
      : {}),
    'session.status': status,
    'session.logon': () => {
      throw new WireError(-4056, 'HMAC_SHA256 API key is not supported.');
    },
    'session.logout': status,
  };

  const run = (request: Request): unknown => {
    const now = market.seams.clock.now();
    const own = Object.hasOwn(special, request.method) ? special[request.method] : undefined;
    if (own !== undefined) {
      meter.take(address, 2, now);
      return own(request);
    }
    const name = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
    const route = name === undefined ? undefined : side.routes.get(name);
    const params = objectParams(request.params);
    meter.take(address, route?.weight(params) ?? 1, now);
    if (route === undefined) throw unsupported();
    const who = account(request, route.security);
    if (route.role === 'place') market.orders.take(who.account, now);
    const result = route.run({ params, ...who });
    if (spot && route.role !== 'read') meter.giveBack(address, route.weight(params), now);
    return result;
  };

  const rateLimits = () => [
    {
      rateLimitType: 'REQUEST_WEIGHT',
      interval: 'MINUTE',
      intervalNum: 1,
      limit: market.limits.weightPerMinute,
      count: meter.used(address, market.seams.clock.now()),
    },
  ];
  const refuse = (id: unknown, error: unknown): void => {
    const wire = toRefusal(error, market);
    const serverTime = market.seams.clock.now();
    const data =
      wire.retryAfterSeconds === null
        ? {}
        : { data: { serverTime, retryAfter: serverTime + wire.retryAfterSeconds * 1000 } };
    socket.send(
      JSON.stringify({
        id,
        status: wire.status,
        error: { ...wire.body(), ...data },
        rateLimits: rateLimits(),
      }),
    );
  };

  return {
    message(text: string): void {
      let request: Request;
      try {
        request = readRequest(text);
      } catch (error) {
        refuse(null, error);
        return;
      }
      try {
        const result = run(request);
        socket.send(JSON.stringify({ id: request.id, status: 200, result, rateLimits: rateLimits() }));
      } catch (error) {
        refuse(request.id, error);
      }
    },
    close(): void {
      for (const { stop } of subscriptions.values()) stop();
      subscriptions.clear();
    },
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
