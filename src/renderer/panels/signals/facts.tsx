import type { Decision } from '#shared/domain/decision';
import { PARAM_NAMES as NAMES } from '#shared/domain/signal';
import { decimalText, numberText, UNKNOWN } from '../../ui/format';
import { PROVIDER_MODES } from '../../ui/provider.en';
import { exchangeText, ORIGINS, PARAM_NAMES, plural } from '../../ui/texts.en';
import { Time } from '../../ui/value';

/** What was known when the signal was decided: price and its age, the account, the params and where each came from. */
export function Facts({ decision }: { decision: Decision }) {
  const { signal, params, account, providerMode } = decision;
  return (
    <dl className="facts">
      <Fact name="Signal">
        {signal.id} on {exchangeText(signal.exchange)}, as {signal.pairSymbol}
      </Fact>
      <Fact name="Wave">
        <Time at={signal.waveTime} show="moment" />
      </Fact>
      <Fact name="Received">
        <Time at={signal.receivedAt} show="moment" /> <span className="hint">computer clock</span>
      </Fact>
      <Fact name="Decided">
        <Time at={decision.decidedAt} show="moment" /> <span className="hint">market clock</span>
      </Fact>
      {providerMode !== undefined && (
        <Fact name="Provider">
          <span title={PROVIDER_MODES[providerMode].means}>{PROVIDER_MODES[providerMode].word}</span>
        </Fact>
      )}
      <Fact name="Score">
        {numberText(signal.scoreWeek, 1)} week + {numberText(signal.scoreMonth, 1)} month ={' '}
        {numberText(signal.scoreWeek + signal.scoreMonth, 1)}
        {decision.rank === null ? '' : `, rank ${decision.rank}`}
      </Fact>
      <Fact name="Price seen">
        {decimalText(decision.price)}
        {decision.priceAgeMs === null ? '' : `, ${numberText(decision.priceAgeMs / 1000, 1)} s old`}
      </Fact>
      {account !== undefined && (
        <Fact name="Account">
          {decimalText(account.freeUsd, 2)} USD free, {decimalText(account.exposureUsd, 2)} USD at work,{' '}
          {plural(account.openPositions, 'position')} open
        </Fact>
      )}
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
        {params?.version === undefined ? '' : <span className="hint">version {params.version}</span>}
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
