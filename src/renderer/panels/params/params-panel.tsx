import type { ParamsRow } from '#shared/contract/params';
import { PARAM_NAMES as NAMES, type ParamName } from '#shared/domain/signal';
import { useParams } from '../../state/lists';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { exchangeText, ORIGINS, PARAM_NAMES, sentence } from '../../ui/texts.en';
import { Age, Time } from '../../ui/value';
import './params.css';

export function ParamsPanel() {
  const rows = useParams((list) => list.rows);
  const trouble = useParams((list) => list.trouble);
  return (
    <Panel name="Params">
      {rows === null ? (
        trouble === null ? (
          <Skeleton rows={5} />
        ) : (
          <Trouble what="The params could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
        )
      ) : rows.size === 0 ? (
        <Empty title="No exchange is in use yet." hint="Params appear with the first exchange that trades." />
      ) : (
        <div className="params">
          {[...rows.values()].map((row) => (
            <ExchangeParams key={row.effective.exchange} row={row} />
          ))}
          <p className="hint params-note">
            The next wave runs on these unless it brings its own. Open positions keep the values they were
            opened with.
          </p>
        </div>
      )}
    </Panel>
  );
}

function ExchangeParams({ row }: { row: ParamsRow }) {
  const name = exchangeText(row.effective.exchange);
  return (
    <table className="params-table" aria-label={`Params of ${name}`}>
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col" className="right">
            Value
          </th>
          <th scope="col">Where it comes from</th>
        </tr>
      </thead>
      <tbody>
        {NAMES.map((param) => (
          <ParamRow key={param} param={param} row={row} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={3}>
            {row.updatedAt === null ? (
              'No wave has changed them yet.'
            ) : (
              <>
                Last changed by the wave of <Time at={row.waveTime} show="minute" />
                {row.signalId === null ? '' : `, signal ${row.signalId}`},{' '}
                <Age at={row.updatedAt} clock="wall" ago />
              </>
            )}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function ParamRow({ param, row }: { param: ParamName; row: ParamsRow }) {
  const { values, origins } = row.effective;
  const origin = ORIGINS[origins[param]];
  const { name, unit, means } = PARAM_NAMES[param];
  return (
    <tr>
      <th scope="row" title={means}>
        {name}
        {unit !== '' && <span className="unit">{unit}</span>}
      </th>
      <td className="right num strong">{param === 'maxTrades' ? values[param] : fixed(values[param])}</td>
      <td className="soft" title={origin.means}>
        {origin.word}
      </td>
    </tr>
  );
}

/** Percentages line up on two places; finer ones keep what they have. */
const fixed = (percent: string): string => {
  const [whole = '0', fraction = ''] = percent.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
};
