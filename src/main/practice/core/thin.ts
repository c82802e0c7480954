import type { TapePrint } from './feed';

/**
 * At high speed one step covers minutes: keeps the prints that decide what happens to orders (first, highest,
 * lowest, last, and an even sample between them) in order, and moves the amounts of the others onto the next kept.
 * With room for one only it is the last, which says where the price stands.
 */
export function thin(prints: readonly TapePrint[], most: number): readonly TapePrint[] {
  if (prints.length <= most) return prints;
  if (most === 1) return [{ ...prints.at(-1)!, steps: prints.reduce((sum, print) => sum + print.steps, 0) }];
  let high = 0;
  let low = 0;
  prints.forEach((print, i) => {
    if (print.ticks > prints[high]!.ticks) high = i;
    if (print.ticks < prints[low]!.ticks) low = i;
  });
  const keep = new Set([0, low, high, prints.length - 1]);
  for (let n = 1; keep.size < most && n < most; n++) keep.add(Math.floor((n * prints.length) / most));
  const kept: TapePrint[] = [];
  let carried = 0;
  prints.forEach((print, i) => {
    carried += print.steps;
    if (!keep.has(i)) return;
    kept.push({ ...print, steps: carried });
    carried = 0;
  });
  return kept;
}
