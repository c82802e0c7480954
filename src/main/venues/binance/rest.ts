import type { Seams } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import { VenueError } from '../venue';
import { type Answer, lost, readAnswer, toAnswer, toFailure, toVenueError } from './answer';
import { type CredentialSource, type Method, type Params, type SignedFamily, Signer } from './auth';
import type { Endpoints } from './endpoints';
import { timeOf } from './fields';

export type Family = 'public' | SignedFamily;

/** One request. Family 'public' takes no key and is only for GET. */
export interface RestCall {
  readonly family: Family;
  readonly method: Method;
  readonly path: string;
  readonly params?: Params;
}

const TIMEOUT_MS = 10_000;
const READ_RETRIES = 2;
const RETRY_WAIT_MS = 500;
/** Weight a minute per address (exchangeInfo); reading stops at nine tenths so that orders still pass. */
const WEIGHT_LIMIT: Record<MarketKind, number> = { spot: 6_000, future: 2_400 };

/** REST of one market: sends, classifies what came back, keeps to the limits. Keys stay in its signer. */
export class Rest {
  readonly signer: Signer;
  readonly #seams: Seams;
  readonly #market: MarketKind;
  readonly #publicBase: string;
  #clockOffsetMs = 0;
  #blockedUntil = 0;
  #banned = false;
  #weight = 0;
  #weightMinute = 0;

  constructor(seams: Seams, market: MarketKind, endpoints: Endpoints, credentials: CredentialSource) {
    this.#seams = seams;
    this.#market = market;
    this.#publicBase = market === 'spot' ? `${endpoints.spotRest}/api/v3` : `${endpoints.futureRest}/fapi/v1`;
    this.signer = new Signer(credentials, endpoints, () => seams.clock.now() + this.#clockOffsetMs);
  }

  /** Sends once. Never throws, never repeats: what became of an order must not be guessed. */
  async send(call: RestCall): Promise<Answer> {
    const blocked = this.#blocked();
    if (blocked !== null) return { kind: 'not-sent', message: blocked.message, cause: 'network' };
    return this.#once(call);
  }

  /** Asks a question; a broken connection is tried again up to twice. @throws VenueError */
  async ask(call: RestCall): Promise<unknown> {
    const what = `${call.method} ${call.path}`;
    for (let attempt = 0; ; attempt++) {
      const blocked = this.#blocked() ?? this.#saving();
      if (blocked !== null) throw blocked;
      const answer = await this.#once(call);
      if (answer.kind === 'ok') return answer.data;
      const clockWrong = answer.kind === 'refused' && answer.code === -1021;
      const final = answer.kind === 'refused' ? !clockWrong : answer.cause === 'auth';
      if (final || attempt >= READ_RETRIES) throw toVenueError(answer, what);
      if (!clockWrong) await this.#pause(RETRY_WAIT_MS * 2 ** attempt);
    }
  }

  /** The venue's clock. @throws VenueError */
  async serverTime(): Promise<UnixMs> {
    const data = await this.ask({ family: 'public', method: 'GET', path: 'time' });
    return readAnswer(data, 'GET time', (fields) => timeOf(fields, 'serverTime'));
  }

  async #once(call: RestCall): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await this.#exchange(call);
    } catch (error) {
      // Only signing throws: without a key, or with one that cannot sign, nothing has left.
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'not-sent', message, cause: 'auth' };
    }
    if (answer.kind === 'refused') {
      if (answer.retryAfterMs !== null) {
        this.#blockedUntil = this.#seams.clock.monotonic() + answer.retryAfterMs;
        this.#banned = answer.status === 418;
      }
      if (answer.code === -1021 && call.path !== 'time') await this.readClock();
    }
    return answer;
  }

  async #exchange(call: RestCall): Promise<Answer> {
    const request = await this.#build(call);
    const abort = new AbortController();
    return new Promise<Answer>((resolve) => {
      const undo = this.#seams.timers.after(TIMEOUT_MS, () => {
        abort.abort();
        resolve(lost(`no answer within ${TIMEOUT_MS / 1000} s`, 'network'));
      });
      this.#fetch(request, abort.signal).then(
        (answer) => {
          undo();
          resolve(answer);
        },
        (error: unknown) => {
          undo();
          resolve(toFailure(error));
        },
      );
    });
  }

  async #fetch(
    request: {
      url: string;
      method: string;
      headers: Readonly<Record<string, string>>;
      body?: string | undefined;
    },
    signal: AbortSignal,
  ): Promise<Answer> {
    const init: RequestInit = {
      method: request.method,
      headers: { ...request.headers },
      // A redirect would carry a signed request to a host nobody chose.
      redirect: 'error',
      signal,
    };
    if (request.body !== undefined) init.body = request.body;
    const response = await this.#seams.network.fetch(request.url, init);
    this.#noteWeight(response.headers.get('x-mbx-used-weight-1m'));
    return toAnswer(response.status, response.headers.get('retry-after'), await response.text());
  }

  async #build(call: RestCall) {
    const params = call.params ?? {};
    if (call.family !== 'public') return this.signer.rest(call.family, call.method, call.path, params);
    const query = new URLSearchParams(params).toString();
    const url = `${this.#publicBase}/${call.path}${query === '' ? '' : `?${query}`}`;
    return { url, method: call.method, headers: {} };
  }

  /** Learns how far our clock is off. A failed question leaves it as it was. */
  async readClock(): Promise<void> {
    const before = this.#seams.clock.now();
    const answer = await this.#exchange({ family: 'public', method: 'GET', path: 'time' });
    if (answer.kind !== 'ok') return;
    const after = this.#seams.clock.now();
    try {
      const server = readAnswer(answer.data, 'GET time', (fields) => timeOf(fields, 'serverTime'));
      this.#clockOffsetMs = Math.round(server - (before + after) / 2);
    } catch {
      // An unreadable time leaves the offset as it was; the refusal itself is reported to the caller.
    }
  }

  #blocked(): VenueError | null {
    const waitMs = this.#blockedUntil - this.#seams.clock.monotonic();
    if (waitMs <= 0) return null;
    const text = `Binance asked for silence, ${Math.ceil(waitMs / 1000)} s left`;
    return new VenueError(this.#banned ? 'banned' : 'rate-limited', text, Math.ceil(waitMs));
  }

  #saving(): VenueError | null {
    const minute = Math.floor(this.#seams.clock.now() / 60_000);
    if (minute !== this.#weightMinute || this.#weight < WEIGHT_LIMIT[this.#market] * 0.9) return null;
    const text = 'the last tenth of the request budget is kept for orders';
    return new VenueError('rate-limited', text, 60_000 - (this.#seams.clock.now() % 60_000));
  }

  #noteWeight(header: string | null): void {
    const weight = Number(header);
    if (header === null || !Number.isFinite(weight)) return;
    this.#weight = weight;
    this.#weightMinute = Math.floor(this.#seams.clock.now() / 60_000);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#seams.timers.after(ms, resolve);
    });
  }
}
