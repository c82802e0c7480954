import type { LinkState } from '#shared/domain/connection';
import type { SignalFate, Wave, WaveResult } from '#shared/domain/decision';
import { type ExchangeName, isGeneric, type Mode, type VenueKey } from '#shared/domain/exchange';
import type { OrderLeg, OrderStatus, OrderType, TimeInForce } from '#shared/domain/order';
import type { ParamOrigin } from '#shared/domain/params';
import type { CloseReason, PositionStatus, TrailingState } from '#shared/domain/position';
import type { ParamName } from '#shared/domain/signal';

export const EXCHANGES: Record<ExchangeName, string> = {
  binance: 'Binance',
  bybit: 'Bybit',
  mexc: 'MEXC',
  gateio: 'Gate',
  bitget: 'Bitget',
  hyperliquid: 'Hyperliquid',
};

/** What a key of an exchange consists of, in the words of its own key page; null is not asked for. */
export interface KeyParts {
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase: string | null;
  readonly hint: string;
}
const USUAL_KEY: KeyParts = {
  apiKey: 'API key',
  secret: 'Secret',
  passphrase: null,
  hint: 'Give it no right to withdraw.',
};
/** The parts of a key for "bitget_future". */
export function keyPartsOf(venue: string): KeyParts {
  switch (venue.split('_')[0]) {
    case 'bitget':
      return { ...USUAL_KEY, passphrase: 'Passphrase you gave the key' };
    case 'hyperliquid':
      return {
        apiKey: 'Address of the account (0x…)',
        secret: 'Private key of an API wallet (0x…)',
        passphrase: null,
        hint: 'Use an API wallet made for Wavedesk: it can trade and cannot withdraw. Never the key of the account itself.',
      };
    default:
      return USUAL_KEY;
  }
}

/** "Binance futures" */
export function venueText(venue: VenueKey | string): string {
  const [exchange = '', market] = venue.split('_');
  const name = exchangeText(exchange);
  return market === undefined ? name : `${name} ${market === 'future' ? 'futures' : market}`;
}
/** "Binance" */
export const exchangeText = (venue: string): string =>
  isGeneric(venue)
    ? `${venue.slice(5, 6).toUpperCase()}${venue.split('_')[0]!.slice(6)} (generic)`
    : (EXCHANGES[venue.split('_')[0] as ExchangeName] ?? venue);

export const MODES: Record<Mode, { readonly word: string; readonly means: string }> = {
  practice: { word: 'PRACTICE', means: 'A practice exchange on this computer. No real money.' },
  paper: { word: 'PAPER', means: 'Real prices, orders filled on this computer. No real money.' },
  testnet: { word: 'TESTNET', means: "The exchange's test network. No real money." },
  live: { word: 'LIVE', means: 'Real exchange, real orders, real money.' },
};

export const FATES: Record<SignalFate, string> = {
  pending: 'Waiting',
  awaiting: 'Asking you',
  refused: 'Refused',
  unused: 'Not used',
  opening: 'Opening',
  executed: 'Opened',
  failed: 'Failed',
};

export const WAVE_STATUSES: Record<Wave['status'], string> = {
  processing: 'in progress',
  completed: 'done',
  not_found: 'no wave came',
  failed: 'failed',
};

/** One line about a wave: an absent wave and a wave in which nothing could be traded are different things. */
export function waveSummary(wave: Wave): string {
  if (wave.status === 'not_found')
    return sentence(wave.note ?? 'The signal server sent nothing for this candle.');
  const results = Object.values(wave.results);
  const total = (of: (result: WaveResult) => number) => results.reduce((sum, row) => sum + of(row), 0);
  const executed = total((row) => row.executed);
  if (wave.status === 'processing') return 'Opening positions.';
  if (wave.status === 'failed') return sentence(wave.note ?? 'The wave was not finished.');
  if (executed > 0) {
    const failed = total((row) => row.failed);
    return failed > 0 ? `${executed} opened, ${failed} failed.` : sentence(wave.note ?? '');
  }
  if (total((row) => row.validated) === 0) return 'A wave came, but no signal in it may be traded.';
  return sentence(wave.note ?? 'A wave came; nothing was opened.');
}

export const POSITION_STATUSES: Record<PositionStatus, string> = {
  pending_entry: 'entry written',
  entry_placed: 'entry sent',
  pending_sl: 'placing stop',
  active: 'open',
  closing: 'closing',
  closed: 'closed',
  failed: 'not opened',
  rolled_back: 'rolled back',
  phantom: 'unknown to exchange',
};

export const CLOSE_REASONS: Record<CloseReason, string> = {
  stop_loss: 'Stop reached',
  trailing_stop: 'Trailing stop reached',
  take_profit: 'Target reached',
  aged_grace: 'Too old, closed near entry',
  aged_progressive: 'Too old, closed with a growing tolerance',
  manual: 'Closed by you',
  emergency: 'Emergency close',
  rollback: 'No stop could be placed, closed at once',
  phantom: 'The exchange does not know it',
  expired: 'Expired',
  liquidation: 'Liquidated by the exchange',
};

export const TRAILING: Record<TrailingState, string> = {
  inactive: 'off',
  waiting: 'waiting',
  active: 'following',
  triggered: 'triggered',
};

export const ORDER_STATUSES: Record<OrderStatus, { readonly word: string; readonly means: string }> = {
  intended: { word: 'written', means: 'On disk, not sent yet.' },
  sent: { word: 'sent', means: 'Sent; the exchange has not answered yet.' },
  unknown: {
    word: 'unknown',
    means: 'Sent without an answer. It may be live. The exchange is being asked; it is never sent again.',
  },
  open: { word: 'open', means: 'The exchange holds it.' },
  partially_filled: { word: 'part filled', means: 'The exchange holds the rest.' },
  filled: { word: 'filled', means: 'Done completely.' },
  cancelled: { word: 'cancelled', means: 'The exchange cancelled it.' },
  rejected: { word: 'rejected', means: 'The exchange refused it. Nothing happened.' },
  expired: { word: 'expired', means: 'The exchange let it expire.' },
  absent: { word: 'absent', means: 'It never reached the exchange: asked twice after its time ran out.' },
};

export const ORDER_TYPES: Record<OrderType, string> = {
  market: 'market',
  limit: 'limit',
  'stop-market': 'stop',
  'take-profit-market': 'take profit',
  'trailing-stop': 'trailing',
};
export const LEGS: Record<OrderLeg, string> = { entry: 'entry', stop: 'stop', exit: 'exit' };
export const TIMES_IN_FORCE: Record<TimeInForce, string> = {
  gtc: 'GTC',
  ioc: 'IOC',
  fok: 'FOK',
  'post-only': 'post only',
};

export const PARAM_NAMES: Record<ParamName, { readonly name: string; readonly unit: string; means: string }> =
  {
    maxTrades: { name: 'Positions per wave', unit: '', means: 'Most positions opened from one wave.' },
    stopLoss: { name: 'Stop-loss', unit: '%', means: 'Distance of the stop from the average fill price.' },
    trailingActivation: {
      name: 'Trailing activation',
      unit: '%',
      means: 'Gain from the entry at which the stop starts to follow.',
    },
    trailingDistance: {
      name: 'Trailing distance',
      unit: '%',
      means: 'Distance of the following stop from the best price.',
    },
  };
export const ORIGINS: Record<ParamOrigin, { readonly word: string; readonly means: string }> = {
  lock: { word: 'locked by you', means: 'Your lock wins over every wave.' },
  mine: { word: 'your own', means: 'You set it for this provider.' },
  wave: { word: 'from the wave', means: 'The newest wave brought this value.' },
  provider: { word: 'for this provider', means: 'Set for this provider, used where a wave says nothing.' },
  stored: { word: 'earlier wave', means: 'An earlier wave brought it; the newest said nothing.' },
  default: { word: 'your default', means: 'No wave has said anything yet; the value from Settings holds.' },
};

export const LINK_STATES: Record<LinkState, string> = {
  idle: 'idle',
  connecting: 'connecting',
  authenticating: 'signing in',
  live: 'live',
  stale: 'silent',
  waiting: 'waiting',
  refused: 'refused',
  closed: 'closed',
};
/** True for a link that carries data now. */
export const isLinkLive = (state: LinkState): boolean => state === 'live';

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Engine words as a sentence: a capital at the start, a stop at the end. */
export const sentence = (text: string): string => {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const start = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
};
