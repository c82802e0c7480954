import type { Seams } from '#main/seams/seams';
import type { PracticeKey } from '../types';
import { addressOf, type HttpRequest, type HttpResponse, readBody } from '../wire-kit/http';
import { createRateMeter } from '../wire-kit/meter';
import { Params } from '../wire-kit/params';
import { authenticate } from './auth';
import type { Routes } from './routes';
import { envelope, invalid, notFound, WireError, words } from './wire-error';

export interface RestParts {
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly routes: Routes;
  /** Requests a minute and address; the exchange's own is 6,000. */
  readonly requestsPerMinute: number;
  readonly placesPerSecond: number;
  /** Reports an error that is nobody's refusal. */
  bug(error: unknown): void;
}

const MAX_BODY_BYTES = 64 * 1024;
const throttled = (): WireError => new WireError('429', 'Too Many Requests', 429);

/** The REST face of both markets; every refusal becomes Bitget's envelope with its status. */
export function createRest({ seams, keys, routes, requestsPerMinute, placesPerSecond, bug }: RestParts) {
  const perAddress = createRateMeter(requestsPerMinute, 60_000);
  const perAccount = createRateMeter(placesPerSecond, 1_000);

  return async (request: HttpRequest, response: HttpResponse): Promise<void> => {
    const now = seams.clock.now();
    let remaining = 0;
    const reply = (status: number, body: unknown): void => {
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'x-mbx-used-remain-limit': String(remaining),
      });
      response.end(JSON.stringify(body));
    };
    try {
      const [path = '/', ...rest] = (request.url ?? '/').split('?');
      const query = rest.join('?');
      const method = request.method ?? 'GET';
      const body = await readBody(request, MAX_BODY_BYTES, () => invalid('body'));
      const rate = perAddress.take(addressOf(request), now);
      remaining = rate.remaining;
      if (!rate.allowed) throw throttled();
      const route = routes.get(`${method} ${path.replace(/^\/api\//, '')}`);
      if (route === undefined) throw notFound();
      const account = route.signed
        ? authenticate(keys, request, { method, path, query, body }, now).account
        : '';
      if (route.places && !perAccount.take(`${account} ${path}`, now).allowed) throw throttled();
      const values = method === 'POST' ? readJson(body) : {};
      const params = method === 'POST' ? Params.fromObject(words, values) : Params.fromForm(words, query);
      reply(200, envelope(now, route.run({ params, body: values, account })));
    } catch (error) {
      const wire = toRefusal(error, bug);
      reply(wire.status, envelope(now, null, wire.code, wire.message));
    }
  };
}

function readJson(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Said below: not JSON is as wrong as JSON of another shape.
  }
  throw invalid('body');
}

/** A bug of ours is answered like one of theirs, and the outcome of an order then counts as unknown. */
function toRefusal(error: unknown, bug: RestParts['bug']): WireError {
  if (error instanceof WireError) return error;
  bug(error);
  return new WireError('45001', 'Unknown error', 500);
}
