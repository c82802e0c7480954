import { Timeframe } from '#shared/domain/market';
import { focusApprovals } from '../panels/approvals/approvals';
import { useDesk } from '../state/desk';
import { type HistoryKind, historyCsv } from '../state/history';
import { setColours, setTimeframe, setZone, useScreen } from '../state/screen';
import { undoLast } from '../state/undo';
import { PANEL_KEYS, PANELS } from '../ui/panel';
import { saveFile } from '../ui/save-file';
import { tell, tellFailure } from '../ui/tell';
import { focusPanel, resetLayout, toggleMaximized } from './desk-api';
import { allowDesktopNews } from './desktop-news';

export interface Command {
  readonly id: string;
  readonly label: string;
  /** For dangerous ones: scope and consequence. */
  readonly description?: string;
  readonly group: string;
  /** As `matchesShortcut` reads it: "mod+shift+k", "5". */
  readonly shortcut?: string;
  readonly run: () => void | Promise<void>;
}

/**
 * Every action of the desk, for the palette and the keyboard. `askKill` opens the held-button dialog, `askClose` the list to
 * read before leaving.
 */
export function commands(askKill: () => void, askClose: () => void): readonly Command[] {
  const { zone, colours } = useScreen.getState();
  const killed = useDesk.getState().status?.killed ?? false;
  return [
    ...PANELS.map((name) => ({
      id: `panel-${name}`,
      label: `Go to ${name}`,
      group: 'Panels',
      shortcut: PANEL_KEYS[name],
      run: () => focusPanel(name),
    })),
    {
      id: 'kill',
      label: killed ? 'Resume entries…' : 'KILL: stop new entries…',
      description: killed
        ? 'All exchanges. The next wave is traded again.'
        : 'All exchanges. No position is opened until you resume. Open positions keep their stops; exits go on.',
      group: 'Trading',
      shortcut: 'mod+shift+k',
      run: askKill,
    },
    {
      id: 'flatten',
      label: 'FLATTEN: close every open position…',
      description:
        'All exchanges. Stops entries, cancels what is under way, closes everything at market, reduce-only. Held in Risk.',
      group: 'Trading',
      shortcut: 'mod+shift+f',
      run: () => focusPanel('Risk'),
    },
    {
      id: 'approvals',
      label: 'Go to the approval cards',
      description: 'Signals that wait for your yes. Enter or Y approves, N skips.',
      group: 'Trading',
      shortcut: 'a',
      run: focusApprovals,
    },
    {
      id: 'before-close',
      label: 'Before you close: who protects what',
      description: 'Which exits live on an exchange, which only here, and the worst case until you return.',
      group: 'Trading',
      shortcut: 'mod+w',
      run: askClose,
    },
    {
      id: 'desktop-news',
      label: 'Show news on the desktop too',
      description:
        'Large changes of params, also while this window is behind others. The system may ask first.',
      group: 'Trading',
      run: () => void allowDesktopNews(),
    },
    ...Timeframe.options.map((timeframe) => ({
      id: `timeframe-${timeframe}`,
      label: `Chart: ${timeframe} candles`,
      group: 'Chart',
      run: () => {
        setTimeframe(timeframe);
        focusPanel('Chart');
      },
    })),
    {
      id: 'undo',
      label: 'Undo the last change',
      description: 'Layout, watchlist, params locks and settings. Orders cannot be undone.',
      group: 'Desk',
      shortcut: 'mod+z',
      run: undo,
    },
    { id: 'reset', label: 'Reset layout', group: 'Desk', run: resetLayout },
    {
      id: 'maximize',
      label: 'Maximise the panel in front, or bring all back',
      group: 'Desk',
      shortcut: 'mod+m',
      run: toggleMaximized,
    },
    {
      id: 'zone',
      label: zone === 'local' ? 'Show times in UTC' : 'Show times in local time',
      group: 'Desk',
      run: () => setZone(zone === 'local' ? 'utc' : 'local'),
    },
    {
      id: 'colours',
      label: colours === 'red-green' ? 'Colours: blue and orange' : 'Colours: green and red',
      description: 'For eyes that do not tell red from green.',
      group: 'Desk',
      run: () => setColours(colours === 'red-green' ? 'blue-orange' : 'red-green'),
    },
    ...(['fills', 'orders', 'events'] as const).map((kind) => ({
      id: `csv-${kind}`,
      label: `Export all ${kind} as CSV`,
      group: 'History',
      run: () => exportCsv(kind, ''),
    })),
  ];
}

/** Takes back the newest change and says which. */
export async function undo(): Promise<void> {
  try {
    const label = await undoLast();
    tell(label === null ? 'Nothing to undo.' : `Undone: ${label}.`);
  } catch (error) {
    tellFailure('Not undone', error);
  }
}

/** Saves everything that matches as a CSV file and says how many rows it has. */
export async function exportCsv(kind: HistoryKind, text: string): Promise<void> {
  try {
    const file = await historyCsv(kind, text);
    saveFile(file.fileName, file.csv, 'text/csv;charset=utf-8');
    tell(`${file.fileName}: ${file.rows} rows saved.`);
  } catch (error) {
    tellFailure('Not exported', error);
  }
}

/** True when the key event is this shortcut; "mod" is ⌘ on a Mac and Ctrl elsewhere. */
export function matchesShortcut(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
  shortcut: string,
): boolean {
  const parts = shortcut.split('+');
  return (
    event.key.toLowerCase() === parts.at(-1) &&
    (event.ctrlKey || event.metaKey) === parts.includes('mod') &&
    event.shiftKey === parts.includes('shift') &&
    !event.altKey
  );
}
