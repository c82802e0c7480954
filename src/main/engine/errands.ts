import type { ClientOrderId, Decimal, Moment, OrderSide, UnixMs, VenueOrderId } from '#shared/domain/basics';
import { ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Fill, OrderRequest, OrderStatus } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import { freeOf } from './account-facts';
import type { EngineEvent, Intent, OrderEvidence } from './types';

type PlaceOutcome =
  | { readonly kind: 'accepted'; readonly venueOrderId: VenueOrderId; readonly status: OrderStatus }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'not-sent' | 'unknown'; readonly message: string };
type CancelOutcome =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-open' | 'unknown'; readonly message: string };
interface SeenOrder {
  readonly venueOrderId: VenueOrderId;
  readonly clientOrderId: ClientOrderId | null;
  readonly symbol: Symbol;
  readonly status: OrderStatus;
  readonly filled: Decimal;
  readonly amount: Decimal | null;
  readonly triggerPrice: Decimal | null;
  readonly reduceOnly: boolean;
  readonly side?: OrderSide;
  readonly updatedAt?: UnixMs;
}

/** The part of a venue that the engine's errands need; `Venue` of the venue port fits it. */
export interface VenuePort {
  readonly trading?: {
    place(request: OrderRequest): Promise<PlaceOutcome>;
    cancel(request: OrderRequest): Promise<CancelOutcome>;
    find(
      request: OrderRequest,
    ): Promise<{ readonly kind: 'found'; readonly order: SeenOrder } | { readonly kind: 'absent' }>;
    openOrders(symbol?: Symbol): Promise<readonly SeenOrder[]>;
    setLeverage?(symbol: Symbol, leverage: number): Promise<void>;
  };
  readonly account?: {
    fillsSince(symbol: Symbol, since: UnixMs): Promise<readonly Fill[]>;
    balances(): Promise<readonly { readonly asset: string; readonly free: Decimal }[]>;
    positions?(): Promise<
      readonly {
        readonly symbol: Symbol;
        readonly amount: Decimal;
        readonly entryPrice?: Decimal | null;
      }[]
    >;
  };
}

/** An entry that could not leave within this time was decided on another market. Wall ms. */
const ENTRY_AGE_MS = 5_000;
/** A venue's own time-out comes first; this one only keeps a hung promise from hanging the position. Wall ms. */
const ANSWER_MS = 30_000;
/** Ids sent in this run, for the second guard against sending one twice; weeks of trading. */
const PLACED_KEPT = 10_000;

interface Errands {
  run(intents: readonly Intent[]): void;
  settled(): Promise<void>;
}

/**
 * Carries out what the engine wants at venues and brings the answers back as events. Orders of one instrument in one
 * turn go out one after the other; instruments, venues and questions do not wait for each other.
 */
export function createErrands(options: {
  readonly venues: ReadonlyMap<VenueKey, VenuePort>;
  readonly post: (event: EngineEvent) => void;
  readonly onError: (text: string) => void;
  readonly after: (afterMs: number, run: () => void) => () => void;
  readonly now: () => Moment;
}): Errands {
  const { venues, post, onError } = options;
  const placed = new Set<ClientOrderId>();
  const underWay = new Set<Promise<void>>();

  const track = (work: Promise<void>): void => {
    const kept: Promise<void> = work
      .catch((error: unknown) => onError(`an errand failed: ${wordsOf(error)}`))
      .finally(() => underWay.delete(kept));
    underWay.add(kept);
  };

  function run(intents: readonly Intent[]): void {
    const chains = new Map<string, Intent[]>();
    for (const intent of intents) {
      const lane = laneOf(intent);
      if (lane === null) track(carryOut(intent));
      else chains.set(lane, [...(chains.get(lane) ?? []), intent]);
    }
    for (const chain of chains.values()) track(inOrder(chain));
  }

  async function inOrder(chain: readonly Intent[]): Promise<void> {
    const { wall } = options.now();
    for (const intent of chain) {
      const late = options.now().wall - wall > ENTRY_AGE_MS;
      if (late && intent.kind === 'place' && !intent.request.reduceOnly)
        evidence(intent.request, { kind: 'not-sent', message: 'what came before it took too long' });
      else await carryOut(intent);
    }
  }

  async function carryOut(intent: Intent): Promise<void> {
    switch (intent.kind) {
      case 'place':
        return place(intent.request);
      case 'cancel':
        return cancel(intent.request);
      case 'ask-order':
        return askOrder(intent.request);
      case 'ask-fills':
        return askFills(intent.venue, intent.symbol, intent.since);
      case 'ask-held':
        return askHeld(intent);
      case 'reconcile':
        return reconcile(intent.venue);
      case 'set-leverage':
        return setLeverage(intent.venue, intent.symbol, intent.leverage);
      default:
    }
  }

  const evidence = (request: OrderRequest, what: OrderEvidence): void =>
    post({ type: 'order', clientOrderId: request.clientOrderId, evidence: what });

  async function place(request: OrderRequest): Promise<void> {
    const trading = venues.get(request.venue)?.trading;
    if (!trading) {
      evidence(request, { kind: 'not-sent', message: `no connection to ${request.venue}` });
      return;
    }
    if (placed.has(request.clientOrderId)) {
      onError(`order ${request.clientOrderId} would have been sent twice; it was not`);
      post({ type: 'kill', on: true, cause: 'an order would have been sent twice' });
      return;
    }
    placed.add(request.clientOrderId);
    if (placed.size > PLACED_KEPT) placed.delete(placed.keys().next().value as ClientOrderId);
    evidence(request, { kind: 'sent' });
    const outcome = await answered(() => trading.place(request)).catch(
      // A placing call that throws has told us nothing about the order.
      (error: unknown): PlaceOutcome => ({ kind: 'unknown', message: wordsOf(error) }),
    );
    switch (outcome.kind) {
      case 'accepted':
        evidence(request, acceptedAs(request, outcome));
        if (outcome.status !== 'filled' && isEnded(outcome.status)) await askOrder(request);
        return;
      case 'rejected':
        evidence(request, { kind: 'rejected', code: outcome.code, message: outcome.message });
        return;
      case 'not-sent':
        evidence(request, { kind: 'not-sent', message: outcome.message });
        return;
      case 'unknown':
        evidence(request, { kind: 'reply-lost', message: outcome.message });
        return;
    }
  }

  async function cancel(request: OrderRequest): Promise<void> {
    const trading = venues.get(request.venue)?.trading;
    const outcome: CancelOutcome = trading
      ? await answered(() => trading.cancel(request)).catch(
          (error: unknown): CancelOutcome => ({ kind: 'unknown', message: wordsOf(error) }),
        )
      : { kind: 'unknown', message: `no connection to ${request.venue}` };
    post({
      type: 'cancel-reply',
      clientOrderId: request.clientOrderId,
      outcome: outcome.kind,
      message: outcome.kind === 'cancelled' ? null : outcome.message,
    });
  }

  async function askOrder(request: OrderRequest): Promise<void> {
    const trading = venues.get(request.venue)?.trading;
    try {
      if (!trading) throw new Error(`no connection to ${request.venue}`);
      const found = await answered(() => trading.find(request));
      if (found.kind === 'absent') {
        evidence(request, { kind: 'absent' });
        return;
      }
      const { venueOrderId, status, filled } = found.order;
      evidence(request, { kind: 'seen', venueOrderId, status, filled });
    } catch (error) {
      evidence(request, { kind: 'question-failed', message: wordsOf(error) });
    }
  }

  async function askFills(venue: VenueKey, symbol: Symbol, since: UnixMs): Promise<void> {
    const account = venues.get(venue)?.account;
    if (!account) return;
    await question(
      `fills of ${symbol} at ${venue}`,
      () => account.fillsSince(symbol, since),
      (fills) => {
        for (const fill of fills) post({ type: 'fill', fill: { ...fill, source: 'sync' } });
      },
    );
  }

  /** Always answered: who waits with a naked position must not wait for a failed question. */
  async function askHeld({
    venue,
    symbol,
    positionId,
  }: Extract<Intent, { kind: 'ask-held' }>): Promise<void> {
    const account = venues.get(venue)?.account;
    const positionsOf = account?.positions;
    let amount: Decimal | 'unknown' = 'unknown';
    if (positionsOf)
      await question(
        `positions at ${venue}`,
        () => positionsOf.call(account),
        (rows) => {
          amount = rows.find((row) => row.symbol === symbol)?.amount ?? ZERO;
        },
      );
    post({ type: 'held', positionId, amount });
  }

  async function reconcile(venue: VenueKey): Promise<void> {
    const port = venues.get(venue);
    const questions: Promise<void>[] = [];
    const { account, trading } = port ?? {};
    if (account) {
      questions.push(
        question(
          `balances at ${venue}`,
          () => account.balances(),
          (balances) => post({ type: 'balances', venue, free: freeOf(balances) }),
        ),
      );
      const positionsOf = account.positions;
      if (positionsOf)
        questions.push(
          question(
            `positions at ${venue}`,
            () => positionsOf.call(account),
            (positions) => post({ type: 'venue-positions', venue, positions }),
          ),
        );
    }
    if (trading)
      questions.push(
        question(
          `open orders at ${venue}`,
          () => trading.openOrders(),
          (orders) => post({ type: 'venue-orders', venue, orders }),
        ),
      );
    await Promise.all(questions);
  }

  /** A failed question changes nothing; it is only said. */
  async function question<T>(
    what: string,
    answer: () => Promise<T>,
    tell: (value: T) => void,
  ): Promise<void> {
    let value: T;
    try {
      value = await answered(answer);
    } catch (error) {
      onError(`${what} could not be read: ${wordsOf(error)}`);
      return;
    }
    tell(value);
  }

  async function setLeverage(venue: VenueKey, symbol: Symbol, leverage: number): Promise<void> {
    const trading = venues.get(venue)?.trading;
    if (!trading?.setLeverage) return;
    const setIt = trading.setLeverage.bind(trading);
    await answered(() => setIt(symbol, leverage)).then(
      () => post({ type: 'leverage', venue, symbol, leverage: String(leverage) as Decimal }),
      (error: unknown) => onError(`leverage of ${symbol} at ${venue} could not be set: ${wordsOf(error)}`),
    );
  }

  /** The answer, or an error when none comes in time. A later answer is ignored: the engine asks instead. */
  function answered<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const undo = options.after(ANSWER_MS, () => reject(new Error('no answer within 30 seconds')));
      // Inside a promise, so that a call that throws at once is an answer like any other.
      Promise.resolve().then(ask).then(resolve, reject).finally(undo);
    });
  }

  return {
    run,
    async settled() {
      while (underWay.size > 0) await Promise.all([...underWay]);
    },
  };
}

const laneOf = (intent: Intent): string | null =>
  intent.kind === 'place' || intent.kind === 'cancel'
    ? `${intent.request.venue}|${intent.request.symbol}`
    : intent.kind === 'set-leverage'
      ? `${intent.venue}|${intent.symbol}`
      : null;

/** An acceptance that already shows an end carries no amounts, except that a filled one is filled whole. */
function acceptedAs(
  request: OrderRequest,
  outcome: Extract<PlaceOutcome, { kind: 'accepted' }>,
): OrderEvidence {
  const { venueOrderId, status } = outcome;
  if (status === 'filled' && request.amount !== null)
    return { kind: 'seen', venueOrderId, status, filled: request.amount };
  return { kind: 'accepted', venueOrderId };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
