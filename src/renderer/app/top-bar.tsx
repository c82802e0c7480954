import { spotlight } from '@mantine/spotlight';
import type { ReactNode } from 'react';
import type { DeskStatus } from '#shared/contract/app';
import type { Decimal } from '#shared/domain/basics';
import { cmp, isNegative, neg, toNumber, ZERO } from '#shared/domain/decimal';
import { useClocks } from '../state/clock';
import { setKilled, useDesk } from '../state/desk';
import { useScreen } from '../state/screen';
import { countdownText, decimalText, minuteText, timeText, UNKNOWN, utcText } from '../ui/format';
import { HoldButton } from '../ui/hold-button';
import { ModeWord } from '../ui/panel';
import { tell, tellFailure } from '../ui/tell';
import { MODES, plural } from '../ui/texts.en';
import { Signed } from '../ui/value';

export const MOD_KEY = /mac/i.test(navigator.platform) ? '⌘' : 'Ctrl ';

export function TopBar() {
  const status = useDesk((desk) => desk.status);
  const mode = useDesk((desk) => desk.info?.mode);
  return (
    <header className="top-bar">
      <div className="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path
            d="M4 18c4 0 4-9 8-9s4 14 8 14 4-9 8-9"
            fill="none"
            stroke="var(--accent)"
            strokeWidth="3"
            strokeLinecap="round"
          />
        </svg>
        <span className="brand-name">Wavedesk</span>
      </div>
      {mode !== undefined && (
        <span title={MODES[mode].means}>
          <ModeWord className="mode-badge" />
        </span>
      )}
      <div className="figures">
        <MarketClock />
        <Figure label="Equity, USD">{decimalText(status?.equityUsd, 2)}</Figure>
        <Figure label="Today, USD" title={lossTitle(status)}>
          <Signed value={status?.dayPnlUsd ?? null} places={2} />
          <Meter
            label="Part of the daily loss limit used"
            part={lossOf(status)}
            whole={status?.dayLossLimitUsd ?? null}
          />
        </Figure>
        <Figure label="Exposure, USD" title={exposureTitle(status)}>
          {decimalText(status?.exposureUsd, 0)}
          <Meter
            label="Part of the exposure limit used"
            part={status?.exposureUsd ?? null}
            whole={status?.maxExposureUsd ?? null}
          />
        </Figure>
        <Protection status={status} />
        <Links status={status} />
        <WaveCountdown status={status} />
      </div>
      <div className="top-actions">
        <button
          type="button"
          className="button palette-button"
          onClick={() => spotlight.open()}
          title="All actions"
        >
          <span className="optional">Actions</span>
          <kbd>{MOD_KEY}K</kbd>
        </button>
        <Kill killed={status?.killed ?? false} />
      </div>
    </header>
  );
}

function Figure(props: {
  label: string;
  title?: string | undefined;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={`figure ${props.className ?? ''}`} title={props.title}>
      <span className="figure-label">{props.label}</span>
      <span className="figure-value num">{props.children}</span>
    </div>
  );
}

function Meter(props: { label: string; part: Decimal | null; whole: Decimal | null }) {
  const { part, whole } = props;
  if (part === null || whole === null || cmp(whole, ZERO) <= 0) return null;
  const used = Math.max(0, toNumber(part) / toNumber(whole));
  const percent = Math.min(100, Math.round(used * 100));
  return (
    // biome-ignore lint/a11y/useSemanticElements: <meter> cannot be given our colours
    <span
      className="meter"
      role="meter"
      aria-label={props.label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span
        className={`meter-fill ${used >= 1 ? 'over' : used >= 0.75 ? 'near' : ''}`}
        style={{ width: `${percent}%`, display: 'block' }}
      />
    </span>
  );
}

const lossOf = (status: DeskStatus | null): Decimal | null => {
  const pnl = status?.dayPnlUsd ?? null;
  return pnl === null ? null : isNegative(pnl) ? neg(pnl) : ZERO;
};
const lossTitle = (status: DeskStatus | null): string | undefined =>
  status?.dayLossLimitUsd == null
    ? undefined
    : `Profit and loss since 00:00 UTC. Entries stop at a loss of ${decimalText(status.dayLossLimitUsd, 2)} USD.`;
const exposureTitle = (status: DeskStatus | null): string | undefined =>
  status === null
    ? undefined
    : `Money at work in open positions; you allow ${decimalText(status.maxExposureUsd, 0)} USD.`;

function MarketClock() {
  const clocks = useClocks();
  const zone = useScreen((screen) => screen.zone);
  const speed = useDesk((desk) => desk.status?.speed ?? 1);
  return (
    <Figure
      label={zone === 'utc' ? 'Market, UTC' : 'Market'}
      title={clocks === null ? undefined : utcText(Math.floor(clocks.market))}
    >
      {clocks === null ? UNKNOWN : timeText(clocks.market, zone)}
      {speed !== 1 && <small>{speed}×</small>}
    </Figure>
  );
}

function Protection({ status }: { status: DeskStatus | null }) {
  if (status === null) return <Figure label="Protected">{UNKNOWN}</Figure>;
  const { openPositions: open, unprotected } = status;
  const title =
    open === 0
      ? 'No open position.'
      : unprotected === 0
        ? 'Every open position has a stop that its exchange has confirmed.'
        : `${plural(unprotected, 'position')} without a confirmed stop on an exchange.`;
  return (
    <Figure label="Protected" title={title} className="protection">
      <span className={`dot ${open === 0 ? 'idle' : unprotected > 0 ? 'bad' : ''}`} />
      {open === 0 ? 'none open' : `${open - unprotected} of ${open}`}
    </Figure>
  );
}

function Links({ status }: { status: DeskStatus | null }) {
  if (status === null) return <Figure label="Links">{UNKNOWN}</Figure>;
  const { linksLive, linksWanted } = status;
  const allLive = linksLive >= linksWanted;
  return (
    <Figure label="Links" title="Connections that carry data now, of those wanted. See Connections.">
      <span
        className={`dot ${linksWanted === 0 ? 'idle' : allLive ? '' : linksLive === 0 ? 'bad' : 'worry'}`}
      />
      {linksLive} / {linksWanted}
    </Figure>
  );
}

function WaveCountdown({ status }: { status: DeskStatus | null }) {
  const clocks = useClocks();
  const zone = useScreen((screen) => screen.zone);
  if (status === null || clocks === null) return <Figure label="Next wave">{UNKNOWN}</Figure>;
  if (status.searchingWave !== null) {
    return <Figure label={`Wave ${minuteText(status.searchingWave, zone)}`}>looking for it</Figure>;
  }
  if (status.nextWaveCheckAt === null) return <Figure label="Next wave">{UNKNOWN}</Figure>;
  const inMs = (status.nextWaveCheckAt - clocks.market) / status.speed;
  return (
    <Figure
      label={`Wave ${minuteText(status.nextWaveTime, zone)} in`}
      title={`Wavedesk looks for it at ${minuteText(status.nextWaveCheckAt, zone)} market time.`}
    >
      {countdownText(inMs)}
    </Figure>
  );
}

/** Stops or resumes entries and says so when the engine could not be told. */
export async function switchKill(on: boolean): Promise<void> {
  try {
    await setKilled(on);
    tell(
      on
        ? 'No new positions from now on. Open ones keep their stops; exits go on.'
        : 'Resumed. The next wave is traded.',
    );
  } catch (error) {
    tellFailure(on ? 'Entries were not stopped' : 'Entries were not resumed', error);
  }
}

function Kill(props: { killed: boolean }) {
  if (props.killed) {
    return (
      <>
        <span className="stopped" role="status">
          ENTRIES STOPPED
        </span>
        <HoldButton
          kind="plain"
          label="Resume: hold for one second to allow new entries"
          onHeld={() => switchKill(false)}
        >
          Resume
        </HoldButton>
      </>
    );
  }
  return (
    <HoldButton
      kind="danger"
      label="KILL: hold for one second to stop new entries. Open positions keep their stops."
      onHeld={() => switchKill(true)}
    >
      KILL
    </HoldButton>
  );
}
