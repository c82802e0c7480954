/** A small chart as SVG paths in a box of 100 by `height`; null where there is nothing to draw yet. */
export interface TrendPath {
  readonly line: string;
  readonly area: string;
  readonly most: number;
}

/**
 * Values in equal steps, oldest first, drawn from zero so that heights compare. A null is a slot without a
 * measurement: its neighbours are joined over it.
 */
export function trendPath(
  values: readonly (number | null)[],
  slots: number,
  height: number,
): TrendPath | null {
  const points = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
  if (points.length < 2) return null;
  const most = Math.max(...points.map(({ value }) => value));
  const top = most === 0 ? 1 : most;
  // The newest slot stands at the right edge, however few there are.
  const x = (at: number): number => ((at + slots - values.length) / (slots - 1)) * 100;
  const y = (value: number): number => 1 + (1 - value / top) * (height - 2);
  const line = points
    .map(({ at, value }, i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)},${y(value).toFixed(1)}`)
    .join('');
  const [first, last] = [points[0]!, points.at(-1)!];
  return {
    line,
    area: `${line}L${x(last.at).toFixed(1)},${height}L${x(first.at).toFixed(1)},${height}Z`,
    most,
  };
}
