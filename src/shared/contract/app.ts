import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { Decimal, UnixMs } from '../domain/basics';
import type { Mode, VenueKey } from '../domain/exchange';

export interface AppInfo {
  readonly version: string;
  readonly mode: Mode;
  readonly host: 'electron' | 'headless';
  /** Folder name of the profile, not its path. */
  readonly profile: string;
  /** How fast the market clock runs; 1 outside practice. */
  readonly speed: number;
  readonly venues: readonly VenueKey[];
  /** Name of the replayed file, or null for a generated or real market. */
  readonly replay: string | null;
}

/** What the top bar shows; sent on change, at most four times a second. Null is unknown. */
export interface DeskStatus {
  readonly wall: UnixMs;
  readonly market: UnixMs;
  readonly speed: number;
  /** Free + locked + unrealised of all venues in USD. */
  readonly equityUsd: Decimal | null;
  /** Equity minus equity at 00:00 UTC market time (or at first sight of the day). */
  readonly dayPnlUsd: Decimal | null;
  readonly dayLossLimitUsd: Decimal | null;
  readonly exposureUsd: Decimal | null;
  readonly maxExposureUsd: Decimal;
  readonly openPositions: number;
  readonly unprotected: number;
  readonly linksLive: number;
  readonly linksWanted: number;
  /** Market time of the next look for a wave, and the wave it will look for. */
  readonly nextWaveCheckAt: UnixMs | null;
  readonly nextWaveTime: UnixMs | null;
  readonly searchingWave: UnixMs | null;
  readonly killed: boolean;
  readonly halted: { readonly cause: string; readonly since: UnixMs } | null;
  /** How often the person asked to leave while positions are open: each time, the page shows who protects what. */
  readonly leaveAsked: number;
  /** Set when the signal server, the replay or the store has something to say to a person. */
  readonly notices: readonly string[];
}

/** One cap of the risk gate: how much of it is in use. What each means stands in the renderer's texts under its rule. */
export interface RiskMeter {
  readonly rule: string;
  readonly unit: 'USD' | '%' | '×' | 'count';
  /** Null is unknown: then the gate refuses where the cap needs it. */
  readonly used: Decimal | null;
  /** 0 is no limit. */
  readonly limit: Decimal;
  /** used / limit, to paint. */
  readonly share: number | null;
}
export interface RiskView {
  readonly paper: boolean;
  readonly meters: readonly RiskMeter[];
}

export const app = {
  info: oc.output(type<AppInfo>()),
  status: oc.output(eventIterator(type<DeskStatus>())),
  /** No new entries while on; exits and stops go on. */
  kill: oc.input(z.object({ on: z.boolean() })).output(type<{ readonly killed: boolean }>()),
  /** Every cap of the risk gate, every second. */
  risk: oc.output(eventIterator(type<RiskView>())),
  /** Stops entries, cancels what is under way and closes every open position at market, reduce-only. One ticket acts once. */
  flatten: oc
    .input(z.object({ ticket: z.string().min(8).max(64) }))
    .output(type<{ readonly closing: number }>()),
  /** Drawdown and loss streak count anew from now. */
  countLossesAnew: oc.output(type<null>()),
  /** The list was read. `go`: the window may go; positions and their stops on the exchange stay. Else it stays open. */
  leave: oc.input(z.object({ go: z.boolean() })).output(type<null>()),
  /** Screen state a window wants back next time (panel layout, watchlist order); opaque to main. */
  loadScreen: oc.output(type<string | null>()),
  saveScreen: oc.input(z.object({ state: z.string().max(200_000) })).output(type<null>()),
};
