import type { Settings } from '#shared/domain/settings';

/** Every field of the settings form as the text in its box; switches as booleans. */
export type Draft = Readonly<Record<string, string | boolean>>;

export type FieldKind =
  | 'money'
  | 'percent'
  | 'count'
  | 'switch'
  | 'text'
  | 'list'
  | 'ids'
  | 'minutes'
  | 'choice';
export interface Field {
  /** Path in Settings, dots between. */
  readonly path: string;
  readonly label: string;
  readonly unit?: string;
  readonly kind: FieldKind;
  readonly hint?: string;
  /** Only for a choice: value and word. */
  readonly options?: readonly (readonly [string, string])[];
}
export interface Section {
  readonly title: string;
  readonly fields: readonly Field[];
}

export const SECTIONS: readonly Section[] = [
  {
    title: 'Size and limits',
    fields: [
      { path: 'positionSizeUsd', label: 'Position size', unit: 'USD', kind: 'money' },
      { path: 'leverage', label: 'Leverage', unit: '×', kind: 'count' },
      { path: 'maxOpenPositions', label: 'Most open positions', kind: 'count' },
      { path: 'maxExposureUsd', label: 'Most money at work', unit: 'USD', kind: 'money' },
      { path: 'minFreeBalanceUsd', label: 'Balance kept free', unit: 'USD', kind: 'money' },
      {
        path: 'dailyLossPercent',
        label: 'Daily loss limit',
        unit: '%',
        kind: 'percent',
        hint: "Of the day's opening equity. Reached, it stops entries.",
      },
      {
        path: 'limits.drawdownPercent',
        label: 'Fall from the peak',
        unit: '%',
        kind: 'percent',
        hint: 'Of the highest equity. Reached, it stops entries until you count from here in Risk.',
      },
      {
        path: 'limits.lossStreak',
        label: 'Losses in a row',
        kind: 'count',
        hint: 'So many positions closed at a loss one after the other stop entries. 0 is no limit.',
      },
      { path: 'limits.maxOrderUsd', label: 'Most value of one entry', unit: 'USD', kind: 'money' },
      { path: 'limits.maxSymbolUsd', label: 'Most at work in a symbol', unit: 'USD', kind: 'money' },
      { path: 'limits.maxWaveUsd', label: 'Most at work in a wave', unit: 'USD', kind: 'money' },
      { path: 'limits.maxProviderUsd', label: 'Most at work from the provider', unit: 'USD', kind: 'money' },
      { path: 'limits.maxOrdersPerMinute', label: 'Most orders a minute', kind: 'count' },
      {
        path: 'limits.collarPercent',
        label: 'Price collar',
        unit: '%',
        kind: 'percent',
        hint: 'How far the price may lie from the middle of bid and ask.',
      },
      { path: 'maxTradesPerDay', label: 'Most positions opened a day', kind: 'count' },
      {
        path: 'staleAfterMs',
        label: 'Price too old after',
        unit: 'ms',
        kind: 'count',
        hint: 'An older price refuses entries and is dimmed on the screen.',
      },
    ],
  },
  {
    title: 'Params while no wave has said any',
    fields: [
      { path: 'defaultParams.maxTrades', label: 'Positions per wave', kind: 'count' },
      { path: 'defaultParams.stopLoss', label: 'Stop-loss', unit: '%', kind: 'percent' },
      { path: 'defaultParams.trailingActivation', label: 'Trailing activation', unit: '%', kind: 'percent' },
      { path: 'defaultParams.trailingDistance', label: 'Trailing distance', unit: '%', kind: 'percent' },
    ],
  },
  {
    title: 'Filters',
    fields: [
      { path: 'filters.openInterest', label: 'Check open interest', kind: 'switch' },
      { path: 'filters.minOpenInterestUsd', label: 'Least open interest', unit: 'USD', kind: 'money' },
      { path: 'filters.volume', label: 'Check volume of the last hour', kind: 'switch' },
      { path: 'filters.minHourVolumeUsd', label: 'Least volume of one hour', unit: 'USD', kind: 'money' },
      { path: 'filters.priceChange', label: 'Check change in 5 minutes', kind: 'switch' },
      {
        path: 'filters.maxFiveMinuteChangePercent',
        label: 'Most change in 5 minutes',
        unit: '%',
        kind: 'percent',
      },
      {
        path: 'stopList',
        label: 'Stop list',
        kind: 'list',
        hint: 'Symbols or coins never traded, separated by commas.',
      },
    ],
  },
  {
    title: 'Symbols',
    fields: [
      {
        path: 'symbolFilter.useWhitelist',
        label: 'Trade only the allowed list',
        kind: 'switch',
      },
      {
        path: 'symbolFilter.whitelist',
        label: 'Allowed list',
        kind: 'list',
        hint: 'Symbols or coins, separated by commas, semicolons or spaces.',
      },
      {
        path: 'symbolFilter.excludePatterns',
        label: 'Patterns left out',
        kind: 'list',
        hint: 'Like *UP or 1000*; separated by commas, semicolons or spaces.',
      },
      { path: 'symbolFilter.excludeIndexes', label: 'Leave out indexes', kind: 'switch' },
      { path: 'symbolFilter.excludeStablecoinPairs', label: 'Leave out stablecoin pairs', kind: 'switch' },
      { path: 'symbolFilter.excludeLeveraged', label: 'Leave out leveraged tokens', kind: 'switch' },
      {
        path: 'symbolFilter.delisted',
        label: 'Being delisted',
        kind: 'list',
        hint: 'Never opened, also where an exchange still lists them.',
      },
    ],
  },
  {
    title: 'Spread',
    fields: [
      {
        path: 'strictSpread',
        label: 'Refuse wide spreads',
        kind: 'switch',
        hint: 'Off: a wide spread is only noted in the ledger.',
      },
      { path: 'maxSpreadPercent', label: 'Widest spread', unit: '%', kind: 'percent' },
    ],
  },
  {
    title: 'Aged positions',
    fields: [
      {
        path: 'aged.on',
        label: 'Close positions that grow old',
        kind: 'switch',
        hint: 'Only those whose trailing stop never took over.',
      },
      { path: 'aged.afterHours', label: 'Old after', unit: 'h', kind: 'count', hint: 'Market hours.' },
      {
        path: 'aged.graceHours',
        label: 'Grace',
        unit: 'h',
        kind: 'count',
        hint: 'So long it waits for its entry price, fees included.',
      },
      {
        path: 'aged.lossPercentPerHour',
        label: 'Then accepted loss grows by',
        unit: '% / h',
        kind: 'percent',
      },
      { path: 'aged.maxLossPercent', label: 'Up to', unit: '%', kind: 'percent' },
      { path: 'aged.commissionPercent', label: 'Fee counted per side', unit: '%', kind: 'percent' },
    ],
  },
  {
    title: 'Orders that protect nothing',
    fields: [
      {
        path: 'zombies.mode',
        label: 'Clean up',
        kind: 'choice',
        options: [
          ['off', 'Off'],
          ['dry-run', 'Only report'],
          ['on', 'Cancel them'],
        ],
        hint: 'Only report: what would be cancelled stands in Events, nothing is done. On a new account the first two minutes only report, whatever is chosen.',
      },
      {
        path: 'zombies.protectedOrderIds',
        label: 'Never touch these order ids',
        kind: 'ids',
        hint: 'Separated by commas, semicolons or spaces.',
      },
    ],
  },
  {
    title: 'Trailing extras',
    fields: [
      { path: 'trailing.atr', label: 'Distance by volatility (ATR)', kind: 'switch' },
      { path: 'trailing.stepped', label: 'Move in steps', kind: 'switch' },
      { path: 'trailing.breakeven', label: 'To entry once in profit', kind: 'switch' },
      { path: 'trailing.timed', label: 'Tighten with time', kind: 'switch' },
      { path: 'trailing.momentum', label: 'Loosen with momentum', kind: 'switch' },
    ],
  },
  {
    title: 'Signal server',
    fields: [
      { path: 'signalServer.url', label: 'Address', kind: 'text' },
      {
        path: 'waveCheckMinutes',
        label: 'Look for a wave at minutes',
        kind: 'minutes',
        hint: 'Of each hour, separated by commas.',
      },
    ],
  },
];
const FIELDS = SECTIONS.flatMap((section) => section.fields);

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

/** What the boxes show for these settings. */
export function toDraft(settings: Settings): Draft {
  return Object.fromEntries(
    FIELDS.map(({ path, kind }) => {
      const value = at(settings, path);
      if (kind === 'switch') return [path, value === true];
      return [path, Array.isArray(value) ? value.join(', ') : String(value)];
    }),
  );
}

/** The boxes after the settings changed elsewhere: untouched boxes follow, edited ones keep what was typed. */
export const mergeDraft = (draft: Draft, before: Draft, after: Draft): Draft =>
  Object.fromEntries(
    Object.entries(after).map(([path, value]) => [
      path,
      draft[path] === before[path] ? value : (draft[path] ?? value),
    ]),
  );

/**
 * The settings that the boxes mean, for the schema to judge: nothing is repaired here but spaces, a thin space
 * between thousands and a decimal comma. Fields without a box keep their value.
 */
export function fromDraft(draft: Draft, before: Settings): unknown {
  const next = structuredClone(before) as unknown as Record<string, unknown>;
  for (const { path, kind } of FIELDS) {
    const keys = path.split('.');
    const last = keys.pop() as string;
    const owner = keys.reduce<Record<string, unknown>>(
      (inner, key) => inner[key] as Record<string, unknown>,
      next,
    );
    const box = draft[path];
    owner[last] = typeof box === 'string' ? meant(box, kind) : box;
  }
  return next;
}

function meant(box: string, kind: FieldKind): unknown {
  const text = box.trim();
  if (kind === 'list') return items(text).map((item) => item.toUpperCase());
  if (kind === 'minutes') return items(text).map(whole);
  if (kind === 'ids') return items(text);
  if (kind === 'text' || kind === 'choice') return text;
  const number = text.replace(/[\s\u2009\u202f]/g, '').replace(/^([^.,]*),([^.,]*)$/, '$1.$2');
  return kind === 'count' ? whole(number) : number;
}

const items = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
/** Text that is no whole number stays text, so that the schema names the field. */
const whole = (text: string): number | string => (/^-?\d+$/.test(text) ? Number(text) : text);
