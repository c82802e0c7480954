import type { DockviewApi } from 'dockview-react';
import type { LayoutWidth } from '../state/screen';
import type { PanelName } from '../ui/panel';

/** Below this width the right column folds into the tabs under the chart. */
export const WIDE_FROM_PX = 1240;

export const widthOf = (px: number): LayoutWidth => (px >= WIDE_FROM_PX ? 'wide' : 'narrow');

interface Place {
  readonly referencePanel: PanelName;
  readonly direction: 'left' | 'right' | 'below' | 'within';
}

/**
 * The layout the desk is delivered with. Positions run under the watchlist too: who protects a position is its last
 * column, and must be seen without scrolling.
 */
export function buildLayout(api: DockviewApi, width: LayoutWidth): void {
  api.clear();
  const add = (name: PanelName, position?: Place) => {
    const panel = { id: name, component: name, title: name };
    return api.addPanel(position === undefined ? panel : { ...panel, position, inactive: true });
  };
  const size = (name: PanelName, wanted: { width?: number; height?: number }) =>
    api.getPanel(name)?.group.api.setSize(wanted);
  const within = (name: PanelName, other: PanelName) =>
    add(name, { referencePanel: other, direction: 'within' });

  add('Chart');
  if (width === 'wide') {
    add('Signals', { referencePanel: 'Chart', direction: 'right' });
    add('Params', { referencePanel: 'Signals', direction: 'below' });
    for (const name of ['Waves', 'Ledger'] as const) within(name, 'Signals');
    for (const name of ['Risk', 'Connections', 'Settings'] as const) within(name, 'Params');
  }
  add('Positions', { referencePanel: 'Chart', direction: 'below' });
  add('Watchlist', { referencePanel: 'Chart', direction: 'left' });
  for (const name of ['Protection', 'Orders', 'History', 'Quoting'] as const) within(name, 'Positions');
  if (width === 'narrow') {
    for (const name of ['Signals', 'Waves', 'Ledger', 'Params', 'Risk', 'Connections', 'Settings'] as const)
      within(name, 'Positions');
  }

  const under = width === 'wide' ? 290 : 250;
  if (width === 'wide') {
    size('Signals', { width: 368 });
    size('Params', { height: under + 40 });
  }
  size('Positions', { height: under });
  size('Watchlist', { width: 252 });
  for (const name of ['Signals', 'Params', 'Positions', 'Chart'] as const)
    api.getPanel(name)?.api.setActive();
}
