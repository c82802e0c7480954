import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { neg } from '#shared/domain/decimal';
import type { Decision } from '#shared/domain/decision';
import { approveSignal } from '../../state/actions';
import { useClocks } from '../../state/clock';
import { useDecisions } from '../../state/lists';
import { countdownText, decimalText, numberText, signedText } from '../../ui/format';
import { ModeWord } from '../../ui/panel';
import { PaperWord } from '../../ui/paper';
import { REASONS } from '../../ui/reasons.en';
import { exchangeText } from '../../ui/texts.en';
import { PriceText } from '../orders/orders-panel';
import { cardsOf } from './cards';
import './approvals.css';

const CARD = '[data-approval-card]';
/** An answered or skipped card stays this long, so that its outcome can be read. */
const READ_MS = 6000;
/** After an answer the keyboard moves to the next card; a key pressed twice must not answer that one too. */
const SETTLE_MS = 400;
let answeredAt = Number.NEGATIVE_INFINITY;

/** Puts the keyboard into the first card that waits. */
export function focusApprovals(): void {
  document.querySelector<HTMLElement>(`${CARD}[data-waits="true"]`)?.focus();
}

/**
 * Signals that wait for a person, in the order they were asked: a card never moves under the pointer. Silence is a no,
 * and the card says so.
 */
export function Approvals() {
  const decisions = useDecisions((list) => list.rows);
  const waiting = useMemo(() => cardsOf(decisions?.values() ?? []), [decisions]);
  const [shown, setShown] = useState<readonly number[]>([]);
  useEffect(() => {
    setShown((before) => {
      const fresh = waiting.map((row) => row.signal.id).filter((id) => !before.includes(id));
      return fresh.length === 0 ? before : [...before, ...fresh];
    });
  }, [waiting]);
  const forget = useCallback((id: number) => setShown((before) => before.filter((one) => one !== id)), []);
  const cards = shown
    .map((id) => decisions?.get(String(id)))
    .filter((row): row is Decision => row !== undefined);
  return (
    <section className="approvals" aria-label="Approvals" aria-live="polite">
      {cards.length > 0 && (
        <p className="approvals-head hint">
          <kbd>A</kbd> to the first · <kbd>Y</kbd> or <kbd>Enter</kbd> approves · <kbd>N</kbd> skips
        </p>
      )}
      {cards.map((decision) => (
        <Card key={decision.signal.id} decision={decision} onGone={forget} />
      ))}
    </section>
  );
}

function Card({ decision, onGone }: { decision: Decision; onGone: (id: number) => void }) {
  const { signal, venue } = decision;
  const clocks = useClocks();
  // What was asked stays on the card after the engine has dropped the question.
  const approval = useLast(decision.approval ?? null);
  const [answer, setAnswer] = useState<'yes' | 'no' | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const sent = useRef(false);
  const waits = decision.fate === 'awaiting' && answer === null;
  const leftMs = approval === null || clocks === null ? null : approval.expiresAt - clocks.wall;
  const late = leftMs !== null && leftMs <= 0;
  const done = decision.fate !== 'awaiting';
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => onGone(signal.id), READ_MS);
    return () => clearTimeout(timer);
  }, [done, onGone, signal.id]);

  const give = async (yes: boolean) => {
    if (sent.current || !waits || (yes && late)) return;
    sent.current = true;
    answeredAt = performance.now();
    setAnswer(yes ? 'yes' : 'no');
    const why = await approveSignal(signal.id, yes);
    setTrouble(why);
    if (why === null) return focusApprovals();
    // Not taken: the question still stands, so it may be answered again.
    sent.current = false;
    setAnswer(null);
  };
  const onKey = (event: KeyboardEvent) => {
    if (performance.now() - answeredAt < SETTLE_MS) return;
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const onButton = event.target !== event.currentTarget;
    const yes = key === 'y' || (key === 'enter' && !onButton);
    if (!yes && key !== 'n') return;
    event.preventDefault();
    event.stopPropagation();
    void give(yes);
  };
  const buy = signal.action === 'buy';
  const market = { venue: venue ?? '', symbol: signal.symbol };
  const symbol = signal.symbol.split('/')[0];
  return (
    <article
      className={`approval ${waits ? '' : 'approval-done'}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the card takes the keyboard, see focusApprovals
      tabIndex={0}
      data-approval-card
      data-waits={waits && !late}
      aria-label={`${buy ? 'Buy' : 'Sell'} ${symbol}: approve or skip`}
      onKeyDown={onKey}
    >
      <header className="approval-head">
        <span className="strong">{signal.symbol}</span>
        <span className={buy ? 'up' : 'down'}>{buy ? '▲ buy' : '▼ sell'}</span>
        {venue?.endsWith('_paper') ? <PaperWord venue={venue} /> : <ModeWord />}
        <span className="grow" />
        <span
          className={`num ${leftMs !== null && leftMs < 15_000 && waits ? 'warn' : 'soft'}`}
          role="timer"
          title="Then it is skipped"
        >
          {waits && leftMs !== null ? countdownText(leftMs) : ''}
        </span>
      </header>
      {approval !== null && (
        <dl className="approval-facts">
          <Fact name="Size">
            {decimalText(approval.sizeBase)} {symbol}{' '}
            <span className="hint">{decimalText(approval.sizeUsd, 2)} USD</span>
          </Fact>
          <Fact name="Risk at stop">
            <span className="down">{signedText(neg(approval.riskUsd), 2)}</span> USD
          </Fact>
          <Fact name="Stop">
            <PriceText market={market} price={approval.stopPrice} />
          </Fact>
          <Fact name="Price">
            <PriceText market={market} price={decision.price} />
            {decision.priceAgeMs !== null && (
              <span className="hint"> {numberText(decision.priceAgeMs / 1000, 1)} s old</span>
            )}
          </Fact>
          <Fact name="Score">
            {numberText(signal.scoreWeek + signal.scoreMonth, 1)}
            <span className="hint"> on {exchangeText(signal.exchange)}</span>
          </Fact>
        </dl>
      )}
      {trouble !== null && (
        <p className="warn" role="alert">
          {trouble}
        </p>
      )}
      {waits && !late ? (
        <div className="ticket-buttons">
          <button type="button" className="button" onClick={() => give(false)}>
            Skip <kbd>N</kbd>
          </button>
          <button type="button" className="button primary" onClick={() => give(true)}>
            Approve <kbd>Y</kbd>
          </button>
        </div>
      ) : (
        <p className="approval-outcome">{outcome(decision, answer, late)}</p>
      )}
    </article>
  );
}

const Fact = (props: { name: string; children: React.ReactNode }) => (
  <div>
    <dt>{props.name}</dt>
    <dd className="num">{props.children}</dd>
  </div>
);

/** What became of the question, never ahead of the engine. */
function outcome(decision: Decision, answer: 'yes' | 'no' | null, late: boolean): string {
  switch (decision.fate) {
    case 'awaiting':
      if (answer === null && late) return 'Skipped: no answer in time.';
      return answer === 'yes'
        ? 'Approved. Waiting for the engine.'
        : 'Skipped by you. Waiting for the engine.';
    case 'opening':
    case 'pending':
      return 'Approved. The position is being opened.';
    case 'executed':
      return 'Approved and opened.';
    default:
      if (decision.reason === 'not_approved') return 'Skipped: no answer in time.';
      if (decision.reason === 'approval_refused') return 'Skipped by you.';
      return decision.reason === null ? 'Not opened.' : `Not opened: ${REASONS[decision.reason].plain}`;
  }
}

/** The newest value that was not null. */
function useLast<T>(value: T | null): T | null {
  const last = useRef(value);
  if (value !== null) last.current = value;
  return last.current;
}
