import type { Decimal } from '#shared/domain/basics';
import type { WorldResult } from './world-types';

const HOW_IT_WAS_RUN = [
  'Both curves are simulated in the same way and differ by their params alone; neither is the history of your account.',
  'Between the times of 1-minute candles, prices are taken to go from open to low to high to close when a candle rose, from open to high to low to close when it fell, and straight in between.',
  'A wave knows only candles that had closed. Orders fill whole at the price of that moment: spread, slippage and funding are not known and left out.',
  'Open interest and spread of the past are not known, so their filters pass; the volume filter sees what the candles tell of the running hour.',
] as const;

export interface Told {
  readonly startUsd: Decimal;
  /** The settings ask for the trailing distance by ATR. */
  readonly atrDistance: boolean;
  readonly takerFeePercent: string;
  /** Waves of which no signal had a price. */
  readonly leftOut: readonly string[];
  readonly signalsWithoutPrice: number;
  /** Of instruments that the exchange does not list today. */
  readonly signalsUnlisted: number;
  readonly signalsOnSpot: number;
  readonly failures: ReadonlyMap<string, string>;
  readonly actual: WorldResult;
  readonly other: WorldResult;
}

/** What the comparison rests on, in sentences. */
export function notesOn(told: Told): readonly string[] {
  const { leftOut, failures, actual, other } = told;
  const failure = [...failures][0];
  return [
    ...HOW_IT_WAS_RUN,
    'Size, limits, filters and extras are those of the settings now, and every signal is taken as if the provider were followed automatically.',
    ...(told.atrDistance
      ? ['The ATR distance of the trailing stop is not simulated; the distance of the params is used.']
      : []),
    `Each run starts with ${told.startUsd} USD on each exchange and no position, and pays ${told.takerFeePercent} % for each order that fills.`,
    ...(leftOut.length === 0
      ? []
      : [`${counted(leftOut.length, 'wave')} left out because no candles are known: ${listed(leftOut)}.`]),
    ...(told.signalsWithoutPrice === 0
      ? []
      : [
          `${counted(told.signalsWithoutPrice, 'signal')} of the other waves had no candles and could not be traded.`,
        ]),
    ...(told.signalsUnlisted === 0
      ? []
      : [
          `${counted(told.signalsUnlisted, 'signal')} of the other waves named instruments that are not listed today and could not be traded.`,
        ]),
    ...(told.signalsOnSpot === 0
      ? []
      : [
          `${counted(told.signalsOnSpot, 'signal')} for spot accounts left out: only perpetuals are simulated.`,
        ]),
    ...(failure === undefined
      ? []
      : [
          `Candles of ${counted(failures.size, 'instrument')} could not be read, first ${failure[0].replace('|', ' ')}: ${failure[1]}`,
        ]),
    ...stillOpen('With the params as they were', actual),
    ...stillOpen('With the other params', other),
    ...actual.troubles.map((text) => `With the params as they were: ${text}`),
    ...other.troubles.map((text) => `With the other params: ${text}`),
  ];
}

const stillOpen = (run: string, { openAtEnd }: WorldResult): readonly string[] =>
  openAtEnd.length === 0
    ? []
    : [
        `${run}, ${counted(openAtEnd.length, 'position')} still open at the end, valued at the last price known: ${listed(openAtEnd)}.`,
      ];

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const MOST_NAMED = 10;
const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;
