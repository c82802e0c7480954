import { Modal } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { useEffect, useState } from 'react';
import { useDesk } from '../state/desk';
import { useScreen } from '../state/screen';
import { HoldButton } from '../ui/hold-button';
import { ModeWord } from '../ui/panel';
import { BeforeClose, guardLeaving } from './before-close';
import { commands, matchesShortcut } from './commands';
import { MOD_KEY, switchKill } from './top-bar';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The command palette, the keyboard shortcuts of all its commands, and the dialog of the dangerous one. */
export function Palette() {
  const [asking, setAsking] = useState(false);
  const [leaving, setLeaving] = useState(false);
  // Labels follow these; reading them makes the list fresh.
  useScreen((screen) => screen.zone + screen.colours);
  useDesk((desk) => desk.status?.killed);
  const list = commands(
    () => setAsking(true),
    () => setLeaving(true),
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.defaultPrevented) return;
      const hit = commands(
        () => setAsking(true),
        () => setLeaving(true),
      ).find((command) => command.shortcut !== undefined && matchesShortcut(event, command.shortcut));
      if (hit === undefined) return;
      event.preventDefault();
      void hit.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  useEffect(() => guardLeaving(() => setLeaving(true)), []);
  const leaveAsked = useDesk((desk) => desk.status?.leaveAsked ?? 0);
  useEffect(() => {
    if (leaveAsked > 0) setLeaving(true);
  }, [leaveAsked]);

  const groups = [...new Set(list.map((command) => command.group))];
  return (
    <>
      <Spotlight
        shortcut="mod + K"
        highlightQuery
        scrollable
        maxHeight={420}
        nothingFound="No action with these words."
        searchProps={{ placeholder: 'Type what you want to do', 'aria-label': 'Search actions' }}
        transitionProps={{ duration: 0 }}
        overlayProps={{ blur: 0, backgroundOpacity: 0.55 }}
        actions={groups.map((group) => ({
          group,
          actions: list
            .filter((command) => command.group === group)
            .map((command) => ({
              id: command.id,
              label: command.label,
              ...(command.description === undefined ? {} : { description: command.description }),
              ...(command.shortcut === undefined
                ? {}
                : { rightSection: <kbd>{shortcutText(command.shortcut)}</kbd> }),
              onClick: () => void command.run(),
            })),
        }))}
      />
      <KillDialog opened={asking} onClose={() => setAsking(false)} />
      <BeforeClose opened={leaving} onClose={() => setLeaving(false)} />
    </>
  );
}

/** "mod+shift+k" reads "Ctrl Shift K", or "⌘ ⇧ K" on a Mac. */
export const shortcutText = (shortcut: string): string =>
  shortcut
    .split('+')
    .map((part) => (part === 'mod' ? MOD_KEY.trim() : part.charAt(0).toUpperCase() + part.slice(1)))
    .join(' ');

function KillDialog(props: { opened: boolean; onClose: () => void }) {
  const killed = useDesk((desk) => desk.status?.killed ?? false);
  const open = useDesk((desk) => desk.status?.openPositions);
  const act = () => {
    props.onClose();
    void switchKill(!killed);
  };
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={killed ? 'Resume entries' : 'Stop new entries'}
      transitionProps={{ duration: 0 }}
      centered
      size={430}
    >
      <p style={{ marginTop: 0, lineHeight: 1.6 }}>
        <ModeWord />{' '}
        {killed
          ? 'The next wave is traded again on all exchanges.'
          : `No position is opened on any exchange until you resume. The ${open ?? '–'} open positions keep their stops, and exits go on.`}
      </p>
      <HoldButton
        kind={killed ? 'plain' : 'danger'}
        label={killed ? 'Hold for one second to resume entries' : 'Hold for one second to stop entries'}
        onHeld={act}
      >
        {killed ? 'Hold to resume' : 'Hold to stop entries'}
      </HoldButton>
    </Modal>
  );
}
