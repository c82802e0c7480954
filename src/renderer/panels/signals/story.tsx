import { useEffect, useState } from 'react';
import type { SignalStory } from '#shared/contract/signals';
import type { Decision, RuleCheck } from '#shared/domain/decision';
import { signalStory } from '../../state/actions';
import { whyRefused } from '../../state/keys';
import { useScreen } from '../../state/screen';
import { recordText, severityOf } from '../../ui/journal.en';
import { Skeleton } from '../../ui/panel';
import { PaperWord } from '../../ui/paper';
import { numbersText, reasonText, ruleText } from '../../ui/reasons.en';
import { FATES } from '../../ui/texts.en';
import { Time } from '../../ui/value';
import { Aftermath } from './aftermath';
import { Facts } from './facts';
import './signals.css';

/**
 * Why a signal was (not) traded: what was known, every check with its numbers, what followed, then every journal row
 * about it. All of it comes from the local store. `decision` is the living one, where a list has it.
 */
export function Story(props: {
  signalId: number;
  decision: Decision | undefined;
  back: string;
  onBack: () => void;
}) {
  const { signalId } = props;
  const [story, setStory] = useState<SignalStory | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new decision means new journal rows
  useEffect(() => {
    let stale = false;
    signalStory(signalId).then(
      (found) => {
        if (stale) return;
        setStory(found);
        setTrouble(null);
      },
      (error) => !stale && setTrouble(whyRefused(error)),
    );
    return () => {
      stale = true;
    };
  }, [signalId, props.decision]);
  const decision = props.decision ?? story?.decision;
  return (
    <article className="story" aria-label={`Signal ${signalId}`}>
      <header className="story-head">
        <button type="button" className="button quiet" onClick={props.onBack}>
          ← {props.back}
        </button>
        {decision !== undefined && <Head decision={decision} />}
      </header>
      <div className="story-body">
        {decision !== undefined && <Told decision={decision} />}
        {trouble !== null && <p className="warn">The journal could not be read: {trouble}</p>}
        {story === null && trouble === null && <Skeleton rows={4} />}
        {story !== null && (
          <>
            <h3>What followed</h3>
            <Aftermath story={story} />
            <h3>Journal, row by row</h3>
            <Rows story={story} />
          </>
        )}
      </div>
    </article>
  );
}

function Head({ decision }: { decision: Decision }) {
  const { signal } = decision;
  const buy = signal.action === 'buy';
  return (
    <>
      <span className="strong">{signal.symbol}</span>
      <span className={buy ? 'up' : 'down'}>{buy ? '▲ buy' : '▼ sell'}</span>
      <PaperWord venue={decision.venue} />
      <span className="grow" />
      <span className={`fate fate-word-${decision.fate}`}>{FATES[decision.fate]}</span>
    </>
  );
}

function Told({ decision }: { decision: Decision }) {
  return (
    <>
      <p className="story-reason">{reasonText(decision) ?? DEFAULT_REASON[decision.fate]}</p>
      <h3>What was known</h3>
      <Facts decision={decision} />
      <h3>Checks, in order</h3>
      {decision.checks.length === 0 ? (
        <p className="hint">No check has been made yet.</p>
      ) : (
        <ol className="checks">
          {decision.checks.map((check) => (
            <CheckRow key={check.rule} check={check} />
          ))}
        </ol>
      )}
    </>
  );
}

const DEFAULT_REASON: Record<Decision['fate'], string> = {
  pending: 'Received. Its wave has not been decided yet.',
  awaiting: 'Chosen. It waits for your yes; silence becomes a no.',
  refused: 'Refused.',
  unused: 'Tradable, but not used by its wave.',
  opening: 'Chosen. The position is being opened.',
  executed: 'Chosen by its score and opened.',
  failed: 'Chosen, but no position came of it.',
};

function CheckRow({ check }: { check: RuleCheck }) {
  const numbers = numbersText(check.numbers);
  return (
    <li className={check.passed ? 'check' : 'check check-failed'}>
      <span className="check-mark" role="img" aria-label={check.passed ? 'passed' : 'failed'}>
        {check.passed ? '✓' : '✕'}
      </span>
      <span>
        {ruleText(check.rule)}
        {numbers !== '' && <span className="check-numbers num">{numbers}</span>}
        {check.note !== undefined && <span className="check-numbers">{check.note}</span>}
      </span>
    </li>
  );
}

function Rows({ story }: { story: SignalStory }) {
  const zone = useScreen((screen) => screen.zone);
  if (story.rows.length === 0) return <p className="hint">The journal has nothing about it yet.</p>;
  return (
    <ol className="rows" title="Times by this computer's clock">
      {story.rows.map((row) => (
        <li key={row.seq}>
          <Time at={row.at.wall} />
          <span className={`severity-${severityOf(row.record)}`}>{recordText(row.record, zone)}</span>
        </li>
      ))}
    </ol>
  );
}
