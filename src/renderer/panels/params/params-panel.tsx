import { useState } from 'react';
import type { ParamsRow } from '#shared/contract/params';
import type { ExchangeName } from '#shared/domain/exchange';
import { useParams } from '../../state/lists';
import { Choice } from '../../ui/choice';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { exchangeText, sentence } from '../../ui/texts.en';
import { ExchangeParams } from './values';
import { Versions } from './versions';
import { WhatIfView } from './what-if';
import './params.css';

type Show = 'now' | 'versions' | 'what-if';

/** The four values per exchange: what holds now, what held before, and what another set would have made of it. */
export function ParamsPanel() {
  const rows = useParams((list) => list.rows);
  const trouble = useParams((list) => list.trouble);
  const [show, setShow] = useState<Show>('now');
  const [chosen, setChosen] = useState<ExchangeName | null>(null);
  const all = [...(rows?.values() ?? [])];
  const row = all.find((one) => one.effective.exchange === chosen) ?? all[0];
  return (
    <Panel
      name="Params"
      bar={
        <>
          <Choice<Show>
            label="Which params"
            value={show}
            onChange={setShow}
            options={[
              { value: 'now', text: 'Now' },
              { value: 'versions', text: 'Versions' },
              { value: 'what-if', text: 'What if' },
            ]}
          />
          <span className="grow" />
          {show !== 'now' && all.length > 1 && row !== undefined && (
            <select
              className="input"
              aria-label="Exchange"
              value={row.effective.exchange}
              onChange={(event) => setChosen(event.target.value as ExchangeName)}
            >
              {all.map(({ effective }) => (
                <option key={effective.exchange} value={effective.exchange}>
                  {exchangeText(effective.exchange)}
                </option>
              ))}
            </select>
          )}
        </>
      }
    >
      {rows === null ? (
        trouble === null ? (
          <Skeleton rows={5} />
        ) : (
          <Trouble what="The params could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
        )
      ) : row === undefined ? (
        <Empty title="No exchange is in use yet." hint="Params appear with the first exchange that trades." />
      ) : (
        <div className="params">
          <Shown show={show} all={all} row={row} />
        </div>
      )}
    </Panel>
  );
}

function Shown({ show, all, row }: { show: Show; all: readonly ParamsRow[]; row: ParamsRow }) {
  const { exchange } = row.effective;
  if (show === 'versions') return <Versions key={exchange} row={row} />;
  if (show === 'what-if') return <WhatIfView key={exchange} row={row} />;
  return (
    <>
      <div className="params-all">
        {all.map((one) => (
          <ExchangeParams key={one.effective.exchange} row={one} />
        ))}
      </div>
      <p className="hint params-note">
        The next wave runs on these unless it brings its own. Open positions keep the values they were opened
        with.
      </p>
    </>
  );
}
