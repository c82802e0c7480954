import {
  CrosshairMode,
  createChart,
  type ISeriesApi,
  LineSeries,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { useScreen } from '../state/screen';
import { minuteText, momentText } from './format';

export interface LineOf {
  readonly name: string;
  readonly colour: string;
  /** Ascending in time, ms. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/** The last point of each second: the library takes whole seconds, each once. */
export function toSeconds(
  points: LineOf['points'],
): readonly { readonly time: UTCTimestamp; readonly value: number }[] {
  const bySecond = new Map<number, number>();
  for (const point of points) bySecond.set(Math.floor(point.at / 1000), point.value);
  return [...bySecond]
    .sort(([a], [b]) => a - b)
    .map(([time, value]) => ({ time: time as UTCTimestamp, value }));
}

/** Lines over time with a legend that names each one. */
export function LineChart(props: { label: string; lines: readonly LineOf[]; height: number }) {
  const { lines } = props;
  const element = useRef<HTMLDivElement>(null);
  const zone = useScreen((screen) => screen.zone);
  useEffect(() => {
    if (element.current === null) return;
    const token = (name: string) =>
      getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    const chart = createChart(element.current, {
      autoSize: true,
      layout: {
        background: { color: token('bg-panel') },
        textColor: token('text-2'),
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
      },
      grid: { vertLines: { visible: false }, horzLines: { color: '#171c25' } },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderColor: token('line') },
      timeScale: {
        borderColor: token('line'),
        timeVisible: true,
        tickMarkFormatter: (time: Time) => minuteText((time as number) * 1000, zone),
      },
      localization: { timeFormatter: (time: Time) => momentText((time as number) * 1000, zone) },
      handleScale: { mouseWheel: false },
    });
    const series: ISeriesApi<'Line'>[] = lines.map((line) => {
      const drawn = chart.addSeries(LineSeries, {
        color: line.colour.startsWith('--') ? token(line.colour.slice(2)) : line.colour,
        lineWidth: 2,
        priceLineVisible: false,
      });
      drawn.setData([...toSeconds(line.points)]);
      return drawn;
    });
    if (series.length > 0) chart.timeScale().fitContent();
    return () => chart.remove();
  }, [lines, zone]);
  return (
    <figure className="line-chart" aria-label={props.label}>
      <figcaption className="line-legend">
        {lines.map((line) => (
          <span key={line.name}>
            <span
              className="line-swatch"
              style={{ background: line.colour.startsWith('--') ? `var(${line.colour})` : line.colour }}
            />
            {line.name}
          </span>
        ))}
      </figcaption>
      <div ref={element} style={{ height: props.height }} />
    </figure>
  );
}
