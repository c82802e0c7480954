import type { DockviewApi } from 'dockview-react';
import type { LayoutWidth } from '../state/screen';
import type { PanelName } from '../ui/panel';

/** Below this width the right column folds into the tabs under the chart. */
export const WIDE_FROM_PX = 1240;

export const widthOf = (px: number): LayoutWidth => (px >= WIDE_FROM_PX ? 'wide' : 'narrow');

/** The layout the desk is delivered with. */
export function buildLayout(api: DockviewApi, width: LayoutWidth): void {
  api.clear();
  const add = (name: PanelName, more: Omit<Parameters<DockviewApi['addPanel']>[0], 'id' | 'component'> = {}) =>
    api.addPanel({ id: name, component: name, title: name, ...more } as Parameters<DockviewApi['addPanel']>[0]);
  const under = width === 'wide' ? 300 : 250;

  add('Chart');
  add('Watchlist', {
    position: { referencePanel: 'Chart', direction: 'left' },
    initialWidth: width === 'wide' ? 236 : 208,
  });
  add('Positions', {
    position: { referencePanel: 'Chart', direction: 'below' },
    initialHeight: under,
  });
  add('Orders', { position: { referencePanel: 'Positions', direction: 'within' }, inactive: true });
  add('History', { position: { referencePanel: 'Positions', direction: 'within' }, inactive: true });
  if (width === 'wide') {
    add('Signals', { position: { direction: 'right' }, initialWidth: 368 });
    add('Params', { position: { referencePanel: 'Signals', direction: 'below' }, initialHeight: under });
  } else {
    add('Signals', { position: { referencePanel: 'Positions', direction: 'within' }, inactive: true });
    add('Params', { position: { referencePanel: 'Positions', direction: 'within' }, inactive: true });
  }
  add('Connections', { position: { referencePanel: 'Params', direction: 'within' }, inactive: true });
  add('Settings', { position: { referencePanel: 'Params', direction: 'within' }, inactive: true });
  for (const name of ['Positions', 'Chart'] as const) api.getPanel(name)?.api.setActive();
}
