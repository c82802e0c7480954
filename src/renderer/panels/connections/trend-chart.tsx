import { numberText } from '../../ui/format';
import { trendPath } from './trend';

const SLOTS = 60;

interface TrendProps {
  /** What is drawn, for those who cannot see it: "messages a second". */
  readonly what: string;
  readonly values: readonly (number | null)[];
  readonly height: number;
}

/** The last five minutes of one figure. */
export function Trend({ what, values, height }: TrendProps) {
  const path = trendPath(values, SLOTS, height);
  const told = values.findLast((value) => value !== null) ?? null;
  const label =
    path === null
      ? `${what}: nothing to draw yet`
      : `${what} over five minutes: now ${numberText(told, 1)}, at most ${numberText(path.most, 1)}`;
  return (
    <svg
      className="trend"
      viewBox={`0 0 100 ${height}`}
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path className="trend-base" d={`M0,${height - 0.5}L100,${height - 0.5}`} />
      {path !== null && (
        <>
          <path className="trend-area" d={path.area} />
          <path className="trend-line" d={path.line} />
        </>
      )}
    </svg>
  );
}

/** The same at full width, with what its height means. */
export function LargeTrend({ unit, ...trend }: TrendProps & { unit: string }) {
  const path = trendPath(trend.values, SLOTS, trend.height);
  return (
    <figure className="large-trend">
      <figcaption>
        <span>{trend.what}</span>
        <span className="num">
          {path === null ? 'not measured yet' : `peak ${numberText(path.most, 1)}${unit}`}
        </span>
      </figcaption>
      <Trend {...trend} />
      <div className="trend-axis hint" aria-hidden="true">
        <span>5 min ago</span>
        <span>now</span>
      </div>
    </figure>
  );
}
