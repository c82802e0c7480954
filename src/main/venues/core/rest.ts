import type { Seams } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import { CLOCK_COMPENSATED_MS } from '#shared/domain/connection';
import { type ClockReading, VenueError, type VenueErrorCode } from '../venue';
import { type Answer, lost, type Refusal, type Reply, toFailure, toVenueError } from './answer';
import type { WireRequest } from './credentials';

/** What differs between the REST interfaces of two exchanges; all else is written once, in {@link Rest}. */
export interface RestDialect<Call> {
  /** "Binance", for messages. */
  readonly name: string;
  /** "GET klines", for messages. */
  what(call: Call): string;
  /** The request as it leaves, signed where the call wants it; `now` is the venue's clock. @throws NoCredentials */
  build(call: Call, now: () => number): Promise<WireRequest> | WireRequest;
  /** What a complete reply proves. Never throws. */
  toAnswer(reply: Reply, call: Call): Answer;
  codeOf(refusal: Refusal): VenueErrorCode;
  /** Asks the venue's clock, without a signature. */
  readonly clockCall: Call;
  /** @throws ProtocolError */
  readClock(data: unknown): UnixMs;
  /** Share of the reading budget used in the running minute (1 is all), told by a reply; null when it does not say. */
  usedShare?(reply: Reply): number | null;
  /** Learns from each refusal (a new listing, say). */
  refused?(refusal: Refusal): void;
}

const TIMEOUT_MS = 10_000;
const READ_RETRIES = 2;
const RETRY_WAIT_MS = 500;
/** Reading stops at this share of the budget, so that orders, and exits above all, still pass. */
const READING_SHARE = 0.8;

/** REST of one market: sends, classifies what came back, keeps to the limits. Keys stay in the dialect's signer. */
export class Rest<Call> {
  readonly #seams: Pick<Seams, 'clock' | 'timers' | 'network'>;
  readonly #dialect: RestDialect<Call>;
  #clockOffsetMs = 0;
  #blockedUntil = 0;
  #banned = false;
  #used = 0;
  #usedMinute = 0;

  constructor(seams: Pick<Seams, 'clock' | 'timers' | 'network'>, dialect: RestDialect<Call>) {
    this.#seams = seams;
    this.#dialect = dialect;
  }

  /** The venue's clock as well as we know it, ms. */
  readonly now = (): number => this.#seams.clock.now() + this.#clockOffsetMs;

  /** Sends once. Never throws, never repeats: what became of an order must not be guessed. */
  async send(call: Call): Promise<Answer> {
    const blocked = this.#blocked();
    if (blocked !== null) return { kind: 'not-sent', message: blocked.message, cause: 'network' };
    return this.#once(call);
  }

  /** Asks a question; a broken connection is tried again up to twice. @throws VenueError */
  async ask(call: Call): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const blocked = this.#blocked() ?? this.#saving();
      if (blocked !== null) throw blocked;
      const answer = await this.#once(call);
      if (answer.kind === 'ok') return answer.data;
      const clockWrong = answer.kind === 'refused' && this.#dialect.codeOf(answer) === 'clock';
      const final = answer.kind === 'refused' ? !clockWrong : answer.cause === 'auth';
      if (final || attempt >= READ_RETRIES) throw this.toError(answer, call);
      if (!clockWrong) await this.#pause(RETRY_WAIT_MS * 2 ** attempt);
    }
  }

  toError(answer: Exclude<Answer, { kind: 'ok' }>, call: Call): VenueError {
    return toVenueError(answer, this.#dialect.what(call), this.#dialect.codeOf);
  }

  /** The venue's clock. @throws VenueError */
  async serverTime(): Promise<UnixMs> {
    return this.#timeIn(await this.ask(this.#dialect.clockCall));
  }

  /**
   * Measures how far our clock is off, and signs by the venue's clock from now on when that is more than a second.
   * `force`: whatever the difference, because the venue has just refused our time. @throws VenueError
   */
  async measureClock(force = false): Promise<ClockReading> {
    const blocked = this.#blocked();
    if (blocked !== null) throw blocked;
    const before = this.#seams.clock.now();
    const began = this.#seams.clock.monotonic();
    // Asked once: a wait between two tries would look like a slow answer.
    const answer = await this.#once(this.#dialect.clockCall);
    if (answer.kind !== 'ok') throw this.toError(answer, this.#dialect.clockCall);
    const venueTime = this.#timeIn(answer.data);
    const roundTripMs = this.#seams.clock.monotonic() - began;
    const offsetMs = Math.round(venueTime - (before + roundTripMs / 2));
    // Once it was needed it is kept true, also when it gets small.
    if (force || this.#clockOffsetMs !== 0 || Math.abs(offsetMs) > CLOCK_COMPENSATED_MS)
      this.#clockOffsetMs = offsetMs;
    return { offsetMs, roundTripMs };
  }

  /** Learns how far our clock is off, and signs by the venue's. A failed question leaves it as it was. */
  async readClock(): Promise<void> {
    await this.measureClock(true).catch(() => {});
  }

  #timeIn(data: unknown): UnixMs {
    try {
      return this.#dialect.readClock(data);
    } catch (error) {
      throw new VenueError('bad-answer', `${this.#dialect.name}'s clock: ${String(error)}`);
    }
  }

  async #once(call: Call): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await this.#exchange(call);
    } catch (error) {
      // Only building throws: without a key, or with one that cannot sign, nothing has left.
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'not-sent', message, cause: 'auth' };
    }
    if (answer.kind === 'refused') {
      const code = this.#dialect.codeOf(answer);
      if (answer.retryAfterMs !== null) {
        this.#blockedUntil = this.#seams.clock.monotonic() + answer.retryAfterMs;
        this.#banned = code === 'banned';
      }
      this.#dialect.refused?.(answer);
      if (code === 'clock' && call !== this.#dialect.clockCall) await this.readClock();
    }
    return answer;
  }

  async #exchange(call: Call): Promise<Answer> {
    const request = await this.#dialect.build(call, this.now);
    const abort = new AbortController();
    return new Promise<Answer>((resolve) => {
      const undo = this.#seams.timers.after(TIMEOUT_MS, () => {
        abort.abort();
        resolve(lost(`no answer within ${TIMEOUT_MS / 1000} s`, 'network'));
      });
      this.#fetch(request, call, abort.signal).then(
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

  async #fetch(request: WireRequest, call: Call, signal: AbortSignal): Promise<Answer> {
    const init: RequestInit = {
      method: request.method,
      headers: { ...request.headers },
      // A redirect would carry a signed request to a host nobody chose.
      redirect: 'error',
      signal,
    };
    if (request.body !== undefined) init.body = request.body;
    const response = await this.#seams.network.fetch(request.url, init);
    const reply: Reply = {
      status: response.status,
      text: await response.text(),
      header: (name) => response.headers.get(name),
    };
    this.#note(this.#dialect.usedShare?.(reply) ?? null);
    return this.#dialect.toAnswer(reply, call);
  }

  #blocked(): VenueError | null {
    const waitMs = this.#blockedUntil - this.#seams.clock.monotonic();
    if (waitMs <= 0) return null;
    const text = `${this.#dialect.name} asked for silence, ${Math.ceil(waitMs / 1000)} s left`;
    return new VenueError(this.#banned ? 'banned' : 'rate-limited', text, Math.ceil(waitMs));
  }

  #saving(): VenueError | null {
    const now = this.#seams.clock.now();
    if (Math.floor(now / 60_000) !== this.#usedMinute || this.#used < READING_SHARE) return null;
    const text = 'the last fifth of the request budget is kept for orders';
    return new VenueError('rate-limited', text, 60_000 - (now % 60_000));
  }

  #note(used: number | null): void {
    if (used === null || !Number.isFinite(used)) return;
    this.#used = used;
    this.#usedMinute = Math.floor(this.#seams.clock.now() / 60_000);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#seams.timers.after(ms, resolve);
    });
  }
}
