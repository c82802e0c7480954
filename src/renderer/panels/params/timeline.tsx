import { useState } from 'react';
import { toNumber } from '#shared/domain/decimal';
import type { ParamsVersion } from '#shared/domain/params';
import { PARAM_NAMES as NAMES, type ParamName } from '#shared/domain/signal';
import { paramWithUnit, SHORT_NAMES } from '../../ui/params.en';
import { Time } from '../../ui/value';
import { valueOf } from './diff';

const WIDTH = 200;
const HEIGHT = 26;

/** Corners of a step line through the values, oldest first; gaps where a version says nothing. */
export function stepPath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(...known);
  const spread = Math.max(...known) - low;
  const x = (index: number) => ((index / values.length) * width).toFixed(1);
  const y = (value: number) =>
    (spread === 0 ? height / 2 : 3 + (1 - (value - low) / spread) * (height - 6)).toFixed(1);
  let path = '';
  values.forEach((value, index) => {
    if (value === null) return;
    const before = index === 0 ? null : (values[index - 1] ?? null);
    path += before === null ? `M${x(index)} ${y(value)}` : `V${y(value)}`;
    path += `H${x(index + 1)}`;
  });
  return path;
}

/** The four values over the versions, one small chart each; a click shows the version under it. */
export function Timeline(props: {
  versions: readonly ParamsVersion[];
  shown: number;
  onPick: (version: number) => void;
}) {
  const oldest = props.versions.toReversed();
  const [over, setOver] = useState<number | null>(null);
  const at = oldest[over ?? oldest.findIndex((one) => one.version === props.shown)] ?? oldest.at(-1);
  if (at === undefined) return null;
  const indexOf = (event: React.MouseEvent<SVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    return Math.min(oldest.length - 1, Math.max(0, Math.floor(part * oldest.length)));
  };
  const mark = oldest.indexOf(at);
  return (
    <figure className="timeline" aria-label={`Values over ${oldest.length} versions`}>
      {NAMES.map((name) => (
        <div className="timeline-row" key={name}>
          <span className="soft">{SHORT_NAMES[name]}</span>
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
            onMouseMove={(event) => setOver(indexOf(event))}
            onMouseLeave={() => setOver(null)}
            onClick={(event) => props.onPick(oldest[indexOf(event)]?.version ?? props.shown)}
          >
            <rect
              x={(mark / oldest.length) * WIDTH}
              width={Math.max(1, WIDTH / oldest.length)}
              y={0}
              height={HEIGHT}
              className="timeline-at"
            />
            <path
              d={stepPath(
                oldest.map((one) => numberOf(one, name)),
                WIDTH,
                HEIGHT,
              )}
              className="timeline-line"
            />
          </svg>
          <span className="num right">{paramWithUnit(name, valueOf(at, name))}</span>
        </div>
      ))}
      <figcaption className="hint">
        <Time at={oldest[0]?.changedAt ?? null} show="moment" />
        <span>
          v{at.version}, <Time at={at.changedAt} show="moment" />
        </span>
        <Time at={oldest.at(-1)?.changedAt ?? null} show="moment" />
      </figcaption>
    </figure>
  );
}

const numberOf = (version: ParamsVersion, name: ParamName): number | null => {
  const value = valueOf(version, name);
  return value === null ? null : toNumber(value);
};
