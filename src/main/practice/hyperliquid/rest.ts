import { addressOf, type HttpRequest, type HttpResponse, readBody } from '../wire-kit/http';
import type { RateMeter } from '../wire-kit/meter';
import { answerAccount } from './account-info';
import type { Actions } from './actions';
import { answerPublic } from './public-info';
import { ActionRefusal, HttpRefusal, unreadable } from './refusal';
import { type Envelope, isUserSigned, recover, tradingDigest, userDigest } from './signer';
import type { WireState } from './wire-state';

type Json = Readonly<Record<string, unknown>>;

const MAX_BODY_BYTES = 256 * 1024;
/** Weight by kind of question; all others 20. */
const WEIGHTS: Readonly<Record<string, number>> = {
  l2Book: 2,
  allMids: 2,
  clearinghouseState: 2,
  orderStatus: 2,
  spotClearinghouseState: 2,
  exchangeStatus: 2,
  userRole: 60,
};

export interface RestParts {
  readonly state: WireState;
  readonly actions: Actions;
  readonly meter: RateMeter;
}

/** Answers one request to /info or /exchange; the same for posts over the socket. */
export function createAnswers({ state, actions, meter }: RestParts) {
  /** @throws HttpRefusal over the limit */
  const weigh = (address: string, weight: number): void => {
    if (!meter.take(address, state.seams.clock.now(), weight).allowed) throw new HttpRefusal(429, 'null');
  };
  return {
    /** @throws HttpRefusal */
    info(address: string, question: Json): unknown {
      weigh(address, WEIGHTS[String(question.type)] ?? 20);
      const told = answerPublic(state, question) ?? answerAccount(state, question);
      if (told === undefined) throw unreadable();
      return told;
    },
    /** @throws HttpRefusal */
    exchange(address: string, body: Json): unknown {
      const { action } = body;
      if (typeof action !== 'object' || action === null) throw unreadable();
      const { orders, cancels, modifies } = action as Record<string, unknown>;
      const batch = [orders, cancels, modifies].find(Array.isArray) as unknown[] | undefined;
      weigh(address, 1 + Math.floor((batch?.length ?? 0) / 40));
      try {
        const envelope = readEnvelope(body);
        const account = authenticate(state, envelope);
        return { status: 'ok', response: actions.run(account, envelope.action) };
      } catch (error) {
        if (error instanceof ActionRefusal) return { status: 'err', response: error.message };
        throw error;
      }
    },
  };
}
export type Answers = ReturnType<typeof createAnswers>;

/** @throws HttpRefusal */
function readEnvelope(body: Json): Envelope {
  const { action, nonce, signature, vaultAddress = null, expiresAfter = null } = body;
  const { r, s, v } = (typeof signature === 'object' && signature !== null ? signature : {}) as Json;
  const hex = (value: unknown): value is string =>
    typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value);
  if (typeof nonce !== 'number' || !hex(r) || !hex(s) || (v !== 27 && v !== 28)) throw unreadable();
  if (vaultAddress !== null && typeof vaultAddress !== 'string') throw unreadable();
  if (expiresAfter !== null && typeof expiresAfter !== 'number') throw unreadable();
  return { action: action as Json, nonce, signature: { r, s, v }, vaultAddress, expiresAfter };
}

/** The account whose wallet signed. @throws ActionRefusal */
function authenticate(state: WireState, envelope: Envelope): string {
  const { action, nonce, signature, vaultAddress, expiresAfter } = envelope;
  const now = state.seams.clock.now();
  const digest = isUserSigned(String(action.type)) ? userDigest(action) : tradingDigest(envelope, 'a');
  const signer = recover(digest, signature);
  const account = state.accountOf(signer);
  if (account === undefined) throw new ActionRefusal(`User or API Wallet ${signer} does not exist.`);
  if (vaultAddress !== null) throw new ActionRefusal(`Vault not registered: ${vaultAddress.slice(0, 42)}`);
  state.nonces.take(signer, nonce, now);
  if (expiresAfter !== null && expiresAfter < now)
    throw new ActionRefusal(`Action expired: expiresAfter ${expiresAfter} is before ${now}`);
  return account;
}

/** Serves one HTTP request. */
export async function answerRest(
  parts: { readonly state: WireState; readonly answers: Answers },
  request: HttpRequest,
  response: HttpResponse,
): Promise<void> {
  const reply = (status: number, text: string, type: string): void => {
    response.writeHead(status, { 'Content-Type': type });
    response.end(text);
  };
  try {
    const text = await readBody(request, MAX_BODY_BYTES, unreadable);
    const body = parseBody(text);
    const address = addressOf(request);
    const path = (request.url ?? '/').split('?')[0];
    if (request.method !== 'POST' || (path !== '/info' && path !== '/exchange'))
      throw new HttpRefusal(404, 'Not Found');
    const told = path === '/info' ? parts.answers.info(address, body) : parts.answers.exchange(address, body);
    reply(200, JSON.stringify(told), 'application/json');
  } catch (error) {
    if (error instanceof HttpRefusal) reply(error.status, error.body, 'text/plain');
    else {
      parts.state.bug(error);
      reply(500, 'null', 'application/json');
    }
  }
}

/** @throws HttpRefusal */
function parseBody(text: string): Json {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json;
  } catch {
    // Said below: not JSON is as wrong as JSON of another shape.
  }
  throw unreadable();
}
