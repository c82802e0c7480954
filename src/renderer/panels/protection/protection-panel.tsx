import { useMemo } from 'react';
import { useOrders, usePositions } from '../../state/lists';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { isPaper } from '../../ui/paper';
import { sentence } from '../../ui/texts.en';
import { protectionRows } from './exits';
import { ProtectionTable } from './protection-table';

export function ProtectionPanel() {
  const trouble = usePositions((list) => list.trouble);
  const ready = usePositions((list) => list.rows !== null);
  return (
    <Panel name="Protection">
      {!ready && trouble !== null ? (
        <Trouble what="The positions could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
      ) : ready ? (
        <ProtectionMap />
      ) : (
        <Skeleton rows={4} />
      )}
    </Panel>
  );
}

/** Who protects what if this computer stops now. Real and paper positions never share a sum. */
export function ProtectionMap() {
  const positions = usePositions((list) => list.rows);
  const orders = useOrders((list) => list.rows);
  const rows = useMemo(
    () => protectionRows(positions?.values() ?? [], orders?.values() ?? []),
    [positions, orders],
  );
  const real = rows.filter((row) => !isPaper(row.position.venue));
  const paper = rows.filter((row) => isPaper(row.position.venue));
  if (rows.length === 0)
    return (
      <Empty
        title="No open positions."
        hint="Nothing needs protection. Stops appear here with their order id."
      />
    );
  return (
    <div className="protection-map">
      {real.length > 0 && <ProtectionTable label="Protection of open positions" rows={real} paper={false} />}
      {paper.length > 0 && <ProtectionTable label="Protection of paper positions" rows={paper} paper />}
    </div>
  );
}
