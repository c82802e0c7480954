const WIDTH = 32;
const HEIGHT = 16;

/** The course of a day in one line; its colour says whether it ended higher or lower than it began. */
export function Spark({ values }: { values: readonly number[] }) {
  const points = sparkPoints(values, WIDTH, HEIGHT);
  if (points === null) return null;
  const first = values[0] as number;
  const last = values.at(-1) as number;
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      style={{ display: 'block' }}
      aria-hidden="true"
    >
      <polyline
        points={points}
        fill="none"
        stroke={last >= first ? 'var(--up)' : 'var(--down)'}
        strokeWidth="1"
        opacity="0.9"
      />
    </svg>
  );
}

/** SVG points of a line that fills width x height; null below two values. */
export function sparkPoints(values: readonly number[], width: number, height: number): string | null {
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const spread = high - low || 1;
  return values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * width;
      const y = 1 + (1 - (value - low) / spread) * (height - 2);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
