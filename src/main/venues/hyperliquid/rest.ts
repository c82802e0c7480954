import type { Seams } from '#main/seams/seams';
import type { Answer } from '../core/answer';
import type { CredentialSource, WireRequest } from '../core/credentials';
import { fieldsOf, timeOf } from '../core/fields';
import { Rest as VenueRest } from '../core/rest';
import { errorCodeOf, toAnswer } from './answer';
import { type Action, EXPIRES_AFTER_MS, Signer } from './auth';
import type { Endpoints } from './endpoints';

/** One request: a question about the market, one about the account (its address is added), or a signed action. */
export type RestCall =
  | { readonly kind: 'market' | 'account'; readonly question: Question }
  | { readonly kind: 'action'; readonly action: Action; readonly expires: boolean };
export type Question = Readonly<Record<string, unknown>> & { readonly type: string };

export const ask = (type: string, more: Readonly<Record<string, unknown>> = {}): RestCall => ({
  kind: 'market',
  question: { type, ...more },
});
export const askMine = (type: string, more: Readonly<Record<string, unknown>> = {}): RestCall => ({
  kind: 'account',
  question: { type, ...more },
});

/** Weight a minute and address; no header tells what is left, so it is counted here. */
const WEIGHT_LIMIT = 1_200;
const LIGHT: ReadonlySet<string> = new Set([
  'l2Book',
  'allMids',
  'clearinghouseState',
  'orderStatus',
  'spotClearinghouseState',
  'exchangeStatus',
]);
/** One more for so many rows of a list. */
const ROWS_PER_WEIGHT: Readonly<Record<string, number>> = { userFillsByTime: 20, candleSnapshot: 60 };

const weightOf = (call: RestCall): number => {
  if (call.kind === 'action') return 1;
  const { type } = call.question;
  if (type === 'userRole') return 60;
  return LIGHT.has(type) ? 2 : 20;
};
/** What an answer cost beyond its question. */
function extraWeight(call: RestCall, answer: Answer): number {
  const rows = call.kind === 'action' ? undefined : ROWS_PER_WEIGHT[call.question.type];
  if (rows === undefined || answer.kind !== 'ok' || !Array.isArray(answer.data)) return 0;
  return Math.floor(answer.data.length / rows);
}

/** REST of Hyperliquid. */
export class Rest extends VenueRest<RestCall> {
  readonly signer: Signer;
  #clockKnown: Promise<void> | null = null;

  constructor(seams: Seams, endpoints: Endpoints, credentials: CredentialSource) {
    const signer = new Signer(credentials, endpoints);
    const weight = createWeightCount(() => seams.clock.now());
    super(seams, {
      name: 'Hyperliquid',
      what: (call) => (call.kind === 'action' ? `action ${call.action.type}` : `info ${call.question.type}`),
      build: async (call, now) => {
        const request = await build(endpoints, signer, call, now);
        weight.add(weightOf(call));
        return request;
      },
      toAnswer: (reply, call) => {
        const answer = toAnswer(reply);
        weight.add(extraWeight(call, answer));
        return answer;
      },
      codeOf: errorCodeOf,
      clockCall: ask('exchangeStatus'),
      readClock: (data) => timeOf(fieldsOf(data, 'exchangeStatus'), 'time'),
      usedShare: () => weight.used() / WEIGHT_LIMIT,
    });
    this.signer = signer;
  }

  /** Learns the venue's clock once: an order signed by a wrong one has expired before it arrives. Never throws. */
  knowClock(): Promise<void> {
    this.#clockKnown ??= this.readClock();
    return this.#clockKnown;
  }
}

async function build(
  endpoints: Endpoints,
  signer: Signer,
  call: RestCall,
  now: () => number,
): Promise<WireRequest> {
  const post = (path: string, body: unknown): WireRequest => ({
    url: `${endpoints.rest}/${path}`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (call.kind === 'action')
    return post('exchange', await signer.sign(call.action, now(), call.expires ? EXPIRES_AFTER_MS : null));
  if (call.kind === 'market') return post('info', call.question);
  const { type, ...rest } = call.question;
  return post('info', { type, user: await signer.address(), ...rest });
}

/** Weight of the running minute. */
function createWeightCount(now: () => number) {
  let minute = 0;
  let used = 0;
  const turn = (): void => {
    const running = Math.floor(now() / 60_000);
    if (running !== minute) used = 0;
    minute = running;
  };
  return {
    add(weight: number): void {
      turn();
      used += weight;
    },
    used(): number {
      turn();
      return used;
    },
  };
}
