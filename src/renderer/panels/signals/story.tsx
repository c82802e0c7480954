import { useEffect, useState } from 'react';
import type { SignalStory } from '#shared/contract/signals';
import type { Decision, RuleCheck } from '#shared/domain/decision';
import { PARAM_NAMES as NAMES } from '#shared/domain/signal';
import { signalStory } from '../../state/actions';
import { whyRefused } from '../../state/keys';
import { useScreen } from '../../state/screen';
import { decimalText, numberText, UNKNOWN } from '../../ui/format';
import { recordText, severityOf } from '../../ui/journal.en';
import { Skeleton } from '../../ui/panel';
import { numbersText, reasonText, ruleText } from '../../ui/reasons.en';
import { exchangeText, FATES, ORIGINS, PARAM_NAMES } from '../../ui/texts.en';
import { Time } from '../../ui/value';

/** Why a signal was (not) traded: every check with its numbers, then every journal row about it. */
export function Story(props: { decision: Decision; onBack: () => void }) {
  const { decision } = props;
  const { signal } = decision;
  const [story, setStory] = useState<SignalStory | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new decision means new journal rows
  useEffect(() => {
    let stale = false;
    signalStory(signal.id).then(
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
  }, [signal.id, decision]);
  const buy = signal.action === 'buy';
  return (
    <article className="story" aria-label={`Signal ${signal.id}`}>
      <header className="story-head">
        <button type="button" className="button quiet" onClick={props.onBack}>
          ← Waves
        </button>
        <span className="strong">{signal.symbol}</span>
        <span className={buy ? 'up' : 'down'}>{buy ? '▲ buy' : '▼ sell'}</span>
        <span className="grow" />
        <span className={`fate fate-word-${decision.fate}`}>{FATES[decision.fate]}</span>
      </header>
      <div className="story-body">
        <p className="story-reason">{reasonText(decision) ?? DEFAULT_REASON[decision.fate]}</p>
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
        <h3>What happened</h3>
        {trouble !== null && <p className="warn">The journal could not be read: {trouble}</p>}
        {story === null && trouble === null && <Skeleton rows={4} />}
        {story !== null && <Rows story={story} />}
      </div>
    </article>
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

function Facts({ decision }: { decision: Decision }) {
  const { signal, params } = decision;
  return (
    <dl className="facts">
      <Fact name="Signal">
        {signal.id} on {exchangeText(signal.exchange)}, as {signal.pairSymbol}
      </Fact>
      <Fact name="Wave">
        <Time at={signal.waveTime} show="moment" />
      </Fact>
      <Fact name="Received">
        <Time at={signal.receivedAt} show="moment" />
      </Fact>
      <Fact name="Score">
        {numberText(signal.scoreWeek, 1)} week + {numberText(signal.scoreMonth, 1)} month ={' '}
        {numberText(signal.scoreWeek + signal.scoreMonth, 1)}
        {decision.rank === null ? '' : `, rank ${decision.rank}`}
      </Fact>
      <Fact name="Price seen">
        {decimalText(decision.price)}
        {decision.priceAgeMs === null ? '' : `, ${numberText(decision.priceAgeMs / 1000, 1)} s old`}
      </Fact>
      <Fact name="Params">
        {params === null
          ? UNKNOWN
          : NAMES.map((name) => (
              <span key={name} title={`${PARAM_NAMES[name].means} ${ORIGINS[params.origins[name]].means}`}>
                {PARAM_NAMES[name].name.toLowerCase()} {params.values[name]}
                {PARAM_NAMES[name].unit === '' ? '' : ' %'}{' '}
                <span className="hint">({ORIGINS[params.origins[name]].word})</span>
                <br />
              </span>
            ))}
      </Fact>
    </dl>
  );
}

const Fact = (props: { name: string; children: React.ReactNode }) => (
  <>
    <dt>{props.name}</dt>
    <dd className="num">{props.children}</dd>
  </>
);

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
    <ol className="rows">
      {story.rows.map((row) => (
        <li key={row.seq}>
          <Time at={row.at.wall} />
          <span className={`severity-${severityOf(row.record)}`}>{recordText(row.record, zone)}</span>
        </li>
      ))}
    </ol>
  );
}
