import type { ReactNode } from 'react';
import { useDesk } from '../state/desk';
import { useSession } from '../state/session';
import './panel.css';

export const PANELS = [
  'Watchlist',
  'Chart',
  'Signals',
  'Params',
  'Positions',
  'Orders',
  'History',
  'Connections',
  'Settings',
  'Waves',
  'Ledger',
  'Protection',
  'Risk',
  'Quoting',
] as const;
export type PanelName = (typeof PANELS)[number];

/** The key that brings each panel to the front. */
export const PANEL_KEYS: Record<PanelName, string> = {
  Watchlist: '1',
  Chart: '2',
  Signals: '3',
  Params: '4',
  Positions: '5',
  Orders: '6',
  History: '7',
  Connections: '8',
  Settings: '9',
  Waves: 'w',
  Ledger: 'l',
  Protection: 'p',
  Risk: 'r',
  Quoting: 'q',
};

/** A panel of the desk: a named region with an optional bar of controls above its body. */
export function Panel(props: { name: PanelName; bar?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel" aria-label={props.name} tabIndex={-1} data-panel={props.name}>
      {props.bar !== undefined && <div className="panel-bar">{props.bar}</div>}
      <div className="panel-body">{props.children}</div>
    </section>
  );
}

/** Nothing to show yet, said in words with the one next step. */
export function Empty(props: { title: string; hint?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{props.title}</p>
      {props.hint !== undefined && <p className="empty-hint">{props.hint}</p>}
      {props.action}
    </div>
  );
}

/** What happened and what to do; shown instead of rows that could not be had. */
export function Trouble(props: { what: string; detail: string | null; action?: ReactNode }) {
  return (
    <div className="empty" role="alert">
      <p className="empty-title trouble">{props.what}</p>
      {props.detail !== null && <p className="empty-hint">{props.detail}</p>}
      {props.action}
    </div>
  );
}

/** Grey rows in the place of the real ones; they appear only after 300 ms. */
export function Skeleton(props: { rows?: number }) {
  const phase = useSession((session) => session.phase);
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: props.rows ?? 6 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={row} className="skeleton-row" style={{ width: `${92 - ((row * 17) % 40)}%` }} />
      ))}
      {phase === 'lost' && <p className="empty-hint">Waiting for the engine.</p>}
    </div>
  );
}

/** The mode as a word in its colour. */
export function ModeWord(props: { className?: string }) {
  const mode = useDesk((desk) => desk.info?.mode);
  if (mode === undefined) return null;
  return <span className={`mode mode-${mode} ${props.className ?? ''}`}>{mode.toUpperCase()}</span>;
}
