import { create } from 'zustand';

interface UndoStep {
  readonly label: string;
  readonly run: () => void | Promise<void>;
}
const MOST_STEPS = 50;

/** What can be taken back, oldest first: layout, watchlist and settings. Orders never are. */
export const useUndo = create<{ readonly steps: readonly UndoStep[] }>(() => ({ steps: [] }));

/** Remembers how to take back what was just done. */
export function pushUndo(label: string, run: UndoStep['run']): void {
  useUndo.setState(({ steps }) => ({ steps: [...steps.slice(1 - MOST_STEPS), { label, run }] }));
}

/** Takes back the newest step; answers its label, or null when there is none. */
export async function undoLast(): Promise<string | null> {
  const { steps } = useUndo.getState();
  const last = steps.at(-1);
  if (last === undefined) return null;
  useUndo.setState({ steps: steps.slice(0, -1) });
  await last.run();
  return last.label;
}
