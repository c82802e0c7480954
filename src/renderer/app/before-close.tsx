import { Modal } from '@mantine/core';
import { isZero } from '#shared/domain/decimal';
import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import { ProtectionMap } from '../panels/protection/protection-panel';
import { leaveDesk } from '../state/actions';
import { useDesk } from '../state/desk';
import { usePositions } from '../state/lists';
import { ModeWord } from '../ui/panel';
import { leaving } from '../ui/protection.en';

/** True while something is open that a person should know about before this window goes. */
export const hasOpenPositions = (): boolean =>
  [...(usePositions.getState().rows?.values() ?? [])].some(
    (row) => OPEN_POSITION_STATUSES.has(row.status) && !isZero(row.amount),
  );

/** The list to read before leaving: what goes on without this computer, and what does not. */
export function BeforeClose(props: { opened: boolean; onClose: () => void }) {
  const host = useDesk((desk) => desk.info?.host);
  const stay = () => {
    props.onClose();
    // An engine that is gone has nothing to be told.
    if (host === 'electron') void leaveDesk(false).catch(() => {});
  };
  return (
    <Modal
      opened={props.opened}
      onClose={stay}
      centered
      size={860}
      transitionProps={{ duration: 0 }}
      title={
        <span>
          Before you close <ModeWord />
        </span>
      }
    >
      <p className="dialog-text">{leaving(host)}</p>
      <div className="dialog-list">
        <ProtectionMap />
      </div>
      <div className="ticket-buttons">
        <button type="button" className="button primary" onClick={stay} data-autofocus>
          Stay
        </button>
        <button
          type="button"
          className="button"
          onClick={() => {
            leaveNow();
            if (host === 'electron') void leaveDesk(true);
            else window.close();
          }}
        >
          Close this window
        </button>
      </div>
    </Modal>
  );
}

let agreed = false;
const leaveNow = (): void => {
  agreed = true;
};

/**
 * Asks before the page goes while positions are open, and shows the list to whoever stays. Only in a browser: in
 * Electron a refused unload would keep the program from quitting without a word. Returns its own undo.
 */
export function guardLeaving(show: () => void): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    if (agreed || useDesk.getState().info?.host !== 'headless' || !hasOpenPositions()) return;
    event.preventDefault();
    show();
  };
  window.addEventListener('beforeunload', ask);
  return () => window.removeEventListener('beforeunload', ask);
}
