import type { DockviewApi } from 'dockview-react';
import { type LayoutWidth, saveLayout, useScreen } from '../state/screen';
import { pushUndo } from '../state/undo';
import { PANELS as PANEL_NAMES, type PanelName } from '../ui/panel';
import { buildLayout } from './layouts';

/** The docking area of this window, once it is there. */
let dock: DockviewApi | null = null;
let width: LayoutWidth = 'wide';

export function setDock(api: DockviewApi | null, now: LayoutWidth): void {
  dock = api;
  width = now;
}

/** Brings a panel to the front and puts the keyboard into it. */
export function focusPanel(name: PanelName): void {
  dock?.getPanel(name)?.api.setActive();
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-panel="${name}"]`)?.focus());
}

/** Fills the docking area from saved JSON, or with the default layout when there is none or it does not fit. */
export function loadLayout(api: DockviewApi, now: LayoutWidth): void {
  const saved = useScreen.getState().layouts[now];
  if (saved !== undefined && restore(api, saved)) return;
  buildLayout(api, now);
}

/** Back to the layout the desk was delivered with; can be taken back. */
export function resetLayout(): void {
  if (dock === null) return;
  const [api, before] = [dock, dock.toJSON()];
  buildLayout(api, width);
  pushUndo('Reset layout', () => {
    restore(api, before);
  });
}

/** Remembers the layout; `before` is what undo brings back. */
export function keepLayout(api: DockviewApi, before: unknown): void {
  saveLayout(width, api.toJSON());
  if (before !== null) {
    pushUndo('Layout change', () => {
      restore(api, before);
    });
  }
}

/** Maximises the panel in front, or brings all back. */
export function toggleMaximized(): void {
  if (dock === null) return;
  if (dock.hasMaximizedGroup()) dock.exitMaximizedGroup();
  else if (dock.activePanel !== undefined) dock.maximizeGroup(dock.activePanel);
}

function restore(api: DockviewApi, saved: unknown): boolean {
  try {
    api.fromJSON(saved as Parameters<DockviewApi['fromJSON']>[0]);
    return complete(api);
  } catch {
    return false;
  }
}

/** A saved layout of another version may lack a panel; then the default is better than a hidden one. */
function complete(api: DockviewApi): boolean {
  return (
    PANEL_NAMES.every((name) => api.getPanel(name) !== undefined) && api.panels.length === PANEL_NAMES.length
  );
}
