import type { RiskMeter } from '#shared/contract/app';
import { newTicket } from '../../state/actions';
import { useDesk } from '../../state/desk';
import { countLossesAnew, flattenAll, useRisk } from '../../state/risk';
import { decimalText, UNKNOWN } from '../../ui/format';
import { HoldButton } from '../../ui/hold-button';
import { ModeWord, Panel, Skeleton, Trouble } from '../../ui/panel';
import { RISK_TEXTS } from '../../ui/risk.en';
import { tell, tellFailure } from '../../ui/tell';
import { plural, sentence } from '../../ui/texts.en';
import './risk.css';

/** How far each limit is away, what it counts, and the way out when it is too late for limits. */
export function RiskPanel() {
  const view = useRisk((risk) => risk.view);
  const trouble = useRisk((risk) => risk.trouble);
  return (
    <Panel name="Risk">
      {view === null && trouble !== null ? (
        <Trouble what="The limits could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
      ) : view === null ? (
        <Skeleton rows={8} />
      ) : (
        <div className="risk">
          <Standing />
          <table className="risk-table" aria-label="Limits and how much of each is used">
            <thead>
              <tr>
                <th scope="col">Limit</th>
                <th scope="col" className="right">
                  Used
                </th>
                <th scope="col" className="right">
                  Of
                </th>
                <th scope="col" aria-label="Share used" />
              </tr>
            </thead>
            <tbody>
              {view.meters.map((meter) => (
                <Row key={meter.rule} meter={meter} />
              ))}
            </tbody>
          </table>
          <Actions />
        </div>
      )}
    </Panel>
  );
}

/** Whether entries are allowed at all, in words. */
function Standing() {
  const status = useDesk((desk) => desk.status);
  if (status === null) return null;
  const reached = status.halted !== null || status.killed;
  return (
    <p className={`risk-standing ${reached ? 'danger' : 'soft'}`} role="status">
      {status.halted !== null
        ? `Entries are stopped: ${status.halted.cause}. Exits and stops go on.`
        : status.killed
          ? 'Entries are stopped by you. Exits and stops go on.'
          : 'Entries are allowed within these limits. Exits are never held back.'}
    </p>
  );
}

const NEAR = 0.75;
const PLACES = { USD: 2, '%': 2, '×': 0, count: 0 } as const;

function Row({ meter }: { meter: RiskMeter }) {
  const text = RISK_TEXTS[meter.rule];
  const places = PLACES[meter.unit];
  const unit = meter.unit === 'count' ? '' : meter.unit;
  const unlimited = meter.share === null && meter.used !== null;
  const level = meter.share === null ? '' : meter.share >= 1 ? 'over' : meter.share >= NEAR ? 'near' : '';
  return (
    <tr title={text?.means} className={level === 'over' ? 'risk-over' : undefined}>
      <th scope="row">
        {text?.name ?? meter.rule}
        <span className="hint risk-means">{text?.means}</span>
      </th>
      <td className="right num">{meter.used === null ? UNKNOWN : decimalText(meter.used, places)}</td>
      <td className="right num">
        {unlimited ? 'no limit' : decimalText(meter.limit, places)}
        {unit !== '' && <span className="unit"> {unit}</span>}
      </td>
      <td className="risk-bar">
        {meter.share !== null && (
          // biome-ignore lint/a11y/useSemanticElements: <meter> cannot be given our colours
          <span
            className="meter"
            role="meter"
            aria-label={`Part of ${text?.name ?? meter.rule} used`}
            aria-valuenow={Math.min(100, Math.round(meter.share * 100))}
            aria-valuemin={0}
            aria-valuemax={100}
          >
            <span
              className={`meter-fill ${level}`}
              style={{ width: `${Math.min(100, meter.share * 100)}%`, display: 'block' }}
            />
          </span>
        )}
      </td>
    </tr>
  );
}

function Actions() {
  const open = useDesk((desk) => desk.status?.openPositions ?? null);
  const flatten = async () => {
    try {
      const closing = await flattenAll(newTicket());
      tell(
        closing === 0
          ? 'Entries are stopped. No position was open.'
          : `Entries are stopped. ${plural(closing, 'position')} being closed at market; each result stands in Positions and History.`,
      );
    } catch (error) {
      tellFailure('Nothing was closed', error);
    }
  };
  const anew = async () => {
    try {
      await countLossesAnew();
      tell('Drawdown and losses in a row count from here.');
    } catch (error) {
      tellFailure('The count goes on as it was', error);
    }
  };
  return (
    <div className="risk-actions">
      <div>
        <HoldButton
          kind="danger"
          label="FLATTEN: hold for one second to stop entries and close every open position at market"
          onHeld={() => void flatten()}
        >
          FLATTEN
        </HoldButton>
        <p className="hint">
          <ModeWord /> Stops entries, cancels what is under way and closes{' '}
          {open === null
            ? 'every open position'
            : open === 1
              ? 'the open position'
              : `all ${open} open positions`}{' '}
          at market, reduce-only.
        </p>
      </div>
      <div>
        <HoldButton
          kind="plain"
          label="Hold for one second to count drawdown and losses from here"
          onHeld={() => void anew()}
        >
          Count from here
        </HoldButton>
        <p className="hint">Fall from the peak and losses in a row begin again with what there is now.</p>
      </div>
    </div>
  );
}
