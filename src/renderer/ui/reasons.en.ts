import type { Decision, ReasonCode, RuleCheck } from '#shared/domain/decision';
import { durationText, groupThousands, UNKNOWN } from './format';

type Numbers = RuleCheck['numbers'];

/** The value of the first of these names that is there, printed for people; null when none is. */
function pick(numbers: Numbers, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = numbers[name];
    if (value !== undefined && value !== null) return valueText(value);
  }
  return null;
}

/** Numbers get thousands, everything else stays as it is; long fractions are cut to what a person reads. */
export function valueText(value: string | number | boolean | null): string {
  if (value === null) return UNKNOWN;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole = '', fraction = ''] = text.split('.');
  const kept = /^-?0$/.test(whole) ? fraction.slice(0, 8) : fraction.slice(0, 4);
  const trimmed = kept.replace(/0+$/, '');
  return groupThousands(trimmed === '' ? whole : `${whole}.${trimmed}`);
}

interface ReasonText {
  /** Always true, without numbers. */
  readonly plain: string;
  /** With the numbers of the failed rule; null when they are not all there. */
  readonly exact?: (numbers: Numbers) => string | null;
}

/** A sentence from two numbers of a rule; null when one is not there. */
const both =
  (value: readonly string[], limit: readonly string[], sentence: (seen: string, limit: string) => string) =>
  (numbers: Numbers): string | null => {
    const seen = pick(numbers, ...value);
    const most = pick(numbers, ...limit);
    return seen === null || most === null ? null : sentence(seen, most);
  };
/** "Open interest 812 000 USD is below your 1 000 000." */
const below = (what: string, unit: string, value: string) =>
  both([value], ['limit'], (seen, limit) => `${what} ${seen}${unit} is below your ${limit}.`);
const atWork = (where: string): ReasonText => ({
  plain: `It would put more money at work ${where} than you allow.`,
  exact: both(
    ['withThis'],
    ['limit'],
    (seen, limit) => `With it ${seen} USD would be at work ${where}; you allow ${limit}.`,
  ),
});
const ageSeconds = (numbers: Numbers): string | null => {
  const ms = numbers.ageMs;
  return typeof ms === 'number' ? valueText((ms / 1000).toFixed(1)) : null;
};

/** Why a signal was not traded, for every code the engine knows. */
export const REASONS: Record<ReasonCode, ReasonText> = {
  invalid_signal: { plain: 'The signal is incomplete or wrong, so it cannot be traded.' },
  unknown_exchange: { plain: 'The signal names an exchange that Wavedesk does not know.' },
  venue_not_connected: { plain: 'Its exchange was not connected, so no order could be watched.' },
  already_executed: { plain: 'This signal was already traded.' },
  too_old: { plain: 'Its wave is too old to trade.' },
  stop_listed: { plain: 'The symbol is on your stop list.' },
  not_whitelisted: { plain: 'The symbol is not on your allowed list.' },
  excluded_pattern: { plain: 'The symbol matches a pattern you excluded.' },
  index_symbol: { plain: 'An index, not a coin.' },
  stablecoin_pair: { plain: 'A pair of stablecoins; it does not move.' },
  leveraged_token: { plain: 'A leveraged token; these lose value by design.' },
  delisted: { plain: 'The exchange is taking it off its list.' },
  duplicate_position: {
    plain: 'A position in this symbol is already open or opening, here or on the exchange.',
  },
  unknown_symbol: { plain: 'The exchange does not list this symbol.' },
  market_inactive: { plain: 'The exchange takes no orders for this symbol now.' },
  no_price: { plain: 'No price is known for it, so no size can be computed.' },
  stale_price: {
    plain: 'Its price was too old to trade on.',
    exact: (numbers) => {
      const age = ageSeconds(numbers);
      return age === null ? null : `Its price was ${age} s old, too old to trade on.`;
    },
  },
  below_minimum_notional: {
    plain: 'Your position size is below what the exchange accepts.',
    exact: both(
      ['size'],
      ['minimum'],
      (seen, limit) => `Your position of ${seen} USD is below the exchange's minimum of ${limit}.`,
    ),
  },
  low_open_interest: {
    plain: 'Open interest is below your limit.',
    exact: below('Open interest', ' USD', 'openInterest'),
  },
  low_volume: {
    plain: 'The volume of the last hour is below your limit.',
    exact: below('One-hour volume', ' USD', 'volume'),
  },
  price_overheated: {
    plain: 'The price rose too much in 5 minutes to buy now.',
    exact: both(
      ['change'],
      ['limit'],
      (seen, limit) => `The price rose ${seen} % in 5 minutes; you buy up to ${limit} %.`,
    ),
  },
  price_oversold: {
    plain: 'The price fell too much in 5 minutes to sell now.',
    exact: both(
      ['change'],
      ['limit'],
      (seen, limit) => `The price moved ${seen} % in 5 minutes; you sell down to \u2212${limit} %.`,
    ),
  },
  not_selected: {
    plain: 'Tradable, but signals with a better score came first.',
  },
  target_reached: {
    plain: 'Tradable, but the wave had opened all it may.',
  },
  kill_switch: { plain: 'New entries are stopped (KILL). Resume to trade the next wave.' },
  halted: { plain: 'The engine was halted; it opens nothing until the cause is gone.' },
  max_positions: {
    plain: 'You have as many positions open as you allow.',
    exact: both(['open'], ['limit'], (seen, limit) => `${seen} positions are open; you allow ${limit}.`),
  },
  max_exposure: {
    plain: 'It would put more money at work than you allow.',
    exact: both(
      ['exposureWithThis'],
      ['limit'],
      (seen, limit) => `With it ${seen} USD would be at work; you allow ${limit}.`,
    ),
  },
  insufficient_balance: {
    plain: 'Not enough free balance for it.',
    exact: (numbers) => {
      const [free, needed] = [pick(numbers, 'free'), pick(numbers, 'needed')];
      if (free !== null && needed !== null) return `${free} USD is free; ${needed} is needed.`;
      const [left, limit] = [pick(numbers, 'left'), pick(numbers, 'limit')];
      if (left === null || limit === null) return null;
      return `${left} USD would be left; you keep at least ${limit} free.`;
    },
  },
  size_too_small: { plain: 'The size is below the smallest the exchange accepts.' },
  size_too_large: { plain: 'The smallest size the exchange accepts is more than your position size allows.' },
  entry_rejected: { plain: 'The exchange refused the entry order. Nothing was opened.' },
  entry_not_filled: { plain: 'The entry order was not filled. Nothing was opened.' },
  entry_not_confirmed: {
    plain:
      'The exchange did not confirm the entry within 10 seconds, so what showed up later was closed at once.',
  },
  stop_not_placed: { plain: 'No stop could be placed, so the position was closed at once.' },
  unreconciled: {
    plain: 'An earlier order of this exchange is still unknown; nothing new until it is settled.',
  },
  daily_loss: {
    plain: "Today's loss has reached your limit.",
    exact: both(
      ['lossPercent'],
      ['limit'],
      (seen, limit) => `Today's loss of ${seen} % has reached your ${limit} %.`,
    ),
  },
  drawdown: {
    plain: 'Equity has fallen below its peak by as much as you allow. Count from here in Risk to go on.',
    exact: both(
      ['drawdownPercent'],
      ['limit'],
      (seen, limit) =>
        `Equity is ${seen} % below its peak; you allow less than ${limit} %. Count from here in Risk to go on.`,
    ),
  },
  loss_streak: {
    plain: 'As many positions in a row were closed at a loss as you allow. Count from here in Risk to go on.',
    exact: both(
      ['losses'],
      ['limit'],
      (seen, limit) =>
        `${seen} positions in a row were closed at a loss; you stop at ${limit}. Count from here in Risk to go on.`,
    ),
  },
  order_rate: {
    plain: 'As many orders were sent in the last minute as you allow.',
    exact: both(
      ['lastMinute'],
      ['limit'],
      (seen, limit) =>
        `${seen} orders were sent in the last minute; an entry and its stop must fit into ${limit}.`,
    ),
  },
  order_too_large: {
    plain: 'The entry is worth more than you allow one to be.',
    exact: both(
      ['withThis'],
      ['limit'],
      (seen, limit) => `The entry is worth ${seen} USD; you allow ${limit}.`,
    ),
  },
  symbol_exposure: atWork('in this symbol'),
  wave_exposure: atWork('in this wave'),
  provider_exposure: atWork('from this provider'),
  price_collar: {
    plain: 'The price lies too far from the middle of bid and ask to be trusted.',
    exact: both(
      ['distancePercent'],
      ['limit'],
      (seen, limit) => `The price lies ${seen} % from the middle of bid and ask; you allow ${limit} %.`,
    ),
  },
  crossed_book: { plain: 'Bid and ask cross: the book is not to be trusted now.' },
  trades_per_day: {
    plain: 'You have opened as many positions today as you allow.',
    exact: both(
      ['today'],
      ['limit'],
      (seen, limit) => `${seen} positions were opened today; you allow ${limit}.`,
    ),
  },
  not_approved: { plain: 'You were asked and did not answer in time.' },
  approval_refused: { plain: 'You said no to it.' },
  wave_paused: { plain: 'You called off the rest of its wave.' },
  spread_too_wide: {
    plain: 'The gap between bid and ask is wider than you allow.',
    exact: both(
      ['spread'],
      ['limit'],
      (seen, limit) => `The gap between bid and ask is ${seen} %; you allow ${limit} %.`,
    ),
  },
  leverage_too_high: {
    plain: 'The account would use more leverage than is allowed.',
    exact: both(
      ['actual'],
      ['maximum'],
      (seen, limit) => `The account uses leverage ${seen}×; the most is ${limit}×.`,
    ),
  },
  missed: { plain: 'Wavedesk was not running when its wave was due.' },
  observe_only: { plain: 'Its provider is only observed: recorded and decided, nothing ordered.' },
};

/** Why a signal met its fate, with the numbers of the rule that failed where there are any. */
export function reasonText(decision: Pick<Decision, 'reason' | 'checks'>): string | null {
  if (decision.reason === null) return null;
  const text = REASONS[decision.reason];
  const failed = decision.checks.find((check) => !check.passed);
  const exact = failed === undefined ? null : (text.exact?.(failed.numbers) ?? null);
  return exact ?? text.plain;
}

const RULE_NAMES: Readonly<Record<string, string>> = {
  validation: 'Signal is complete',
  venue: 'Exchange is set up',
  executed_before: 'Not traded before',
  age: 'Wave is young enough',
  symbol: 'Symbol is allowed',
  duplicate: 'No position in it yet',
  market_exists: 'Exchange lists it',
  market_active: 'Exchange takes orders for it',
  price: 'Price is known',
  minimum_notional: 'Size above the exchange minimum',
  open_interest: 'Open interest',
  hour_volume: 'Volume of the last hour',
  five_minute_change: 'Change in 5 minutes',
  kill_switch: 'Entries are not stopped',
  engine: 'Engine is not halted',
  link: 'Exchange is connected',
  reconciled: 'No order in doubt',
  price_known: 'Price is known',
  price_age: 'Price is fresh',
  trades_per_day: 'Positions opened today',
  open_positions: 'Open positions',
  provider_mode: 'Provider may be traded',
  approval: 'You were asked',
  selection: 'Chosen by its score',
  size: 'Size the exchange takes',
  spread: 'Spread',
  leverage: 'Leverage of the account',
  maximum_notional: 'Size below the exchange maximum',
  daily_loss: "Today's loss",
  drawdown: 'Fall from the peak',
  loss_streak: 'Losses in a row',
  order_rate: 'Orders a minute',
  order_value: 'Value of the entry',
  symbol_exposure: 'Money at work in the symbol',
  wave_exposure: 'Money at work in the wave',
  provider_exposure: 'Money at work from the provider',
  price_collar: 'Price agrees with bid and ask',
  book: 'Bid and ask do not cross',
  restart: 'Not cut off by a restart',
  exposure: 'Money at work',
  free_balance: 'Free balance',
  minimum_free_balance: 'Balance kept free',
};
/** A rule's name for people; rules without one get their id in words. */
export function ruleText(rule: string): string {
  const known = RULE_NAMES[rule];
  if (known !== undefined) return known;
  const words = wordsOf(rule);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Names whose values are names too: printed as they are, without thousands. */
const IDS = new Set(['id', 'signal', 'symbol', 'exchange']);

/** "openInterest: 812000, ageMs: 22100" for people: "open interest 812 000 · age 22.1 s". */
export const numbersText = (numbers: Numbers): string =>
  Object.entries(numbers)
    // A rule that matched no entry of a list says so with null; there is nothing to show.
    .filter(([name, value]) => !(name === 'entry' && value === null))
    .map(([name, value]) => {
      if (IDS.has(name)) return `${wordsOf(name)} ${value ?? UNKNOWN}`;
      if (name.endsWith('Ms') && typeof value === 'number')
        return `${wordsOf(name.slice(0, -2))} ${msText(value)}`;
      return `${wordsOf(name)} ${valueText(value)}`;
    })
    .join(' · ');

const msText = (ms: number): string =>
  ms < 60_000 ? `${valueText((ms / 1000).toFixed(1))} s` : durationText(ms);

const wordsOf = (name: string): string =>
  name
    .replace(/[_-]/g, ' ')
    .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
    .toLowerCase();
