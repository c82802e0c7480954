import {
  type AutoscaleInfo,
  CandlestickSeries,
  CrosshairMode,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IPriceLine,
  LineStyle,
  type MouseEventParams,
  type SeriesMarker,
  TickMarkType,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Candle } from '#shared/domain/market';
import { dayText, minuteText, momentText, type Zone } from '../../ui/format';
import type { Mark } from './marks';

export interface Line {
  readonly id: string;
  readonly price: number;
  readonly title: string;
  readonly colour: 'entry' | 'stop' | 'wanted' | 'activation';
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const seconds = (ms: number): UTCTimestamp => (ms / 1000) as UTCTimestamp;

/** The chart library behind our own few words. It draws; it decides nothing and renders no React. */
export function createCandleChart(element: HTMLElement, zone: () => Zone) {
  const [up, down, text, line] = [token('up'), token('down'), token('text-2'), token('line')];
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      background: { color: token('bg-panel') },
      textColor: text,
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 11,
    },
    grid: { vertLines: { color: '#171c25' }, horzLines: { color: '#171c25' } },
    crosshair: {
      mode: CrosshairMode.Normal,
      vertLine: { color: '#5a6576', labelBackgroundColor: '#2a3342' },
      horzLine: { color: '#5a6576', labelBackgroundColor: '#2a3342' },
    },
    rightPriceScale: { borderColor: line, scaleMargins: { top: 0.08, bottom: 0.24 } },
    timeScale: {
      borderColor: line,
      timeVisible: true,
      secondsVisible: false,
      rightOffset: 6,
      barSpacing: 7,
      enableConflation: true,
      tickMarkFormatter: (time: Time, type: TickMarkType) => tickText((time as number) * 1000, type, zone()),
    },
    localization: { timeFormatter: (time: Time) => momentText((time as number) * 1000, zone()).slice(0, -3) },
  });
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: up,
    downColor: down,
    wickUpColor: up,
    wickDownColor: down,
    borderVisible: false,
    // The library would label the last bar in view; ours always shows the newest price, or none.
    lastValueVisible: false,
    priceLineVisible: false,
  });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
  const markers = createSeriesMarkers(candles, []);
  const lines = new Map<string, IPriceLine>();
  let last: IPriceLine | null = null;
  let wantedPrices: readonly number[] = [];
  candles.applyOptions({
    autoscaleInfoProvider: (original: () => AutoscaleInfo | null) => withLines(original(), wantedPrices),
  });
  const bar = ({ openTime, open, high, low, close }: Candle) => ({
    time: seconds(openTime),
    open,
    high,
    low,
    close,
  });
  const volumeBar = (candle: Candle) => ({
    time: seconds(candle.openTime),
    value: candle.volume,
    color: `${candle.close >= candle.open ? up : down}55`,
  });

  return {
    /** Replaces all candles. `added` bars came before the old first one; null shows the newest. */
    setCandles(all: readonly Candle[], added: number | null): void {
      const range = chart.timeScale().getVisibleLogicalRange();
      candles.setData(all.map(bar));
      volume.setData(all.map(volumeBar));
      if (added === null || range === null) chart.timeScale().resetTimeScale();
      else chart.timeScale().setVisibleLogicalRange({ from: range.from + added, to: range.to + added });
    },
    /** The newest price as a dotted line with its label; null where it is not known. */
    setLast(candle: Candle | null): void {
      if (last !== null && candle === null) candles.removePriceLine(last);
      if (candle === null) {
        last = null;
        return;
      }
      const options = {
        price: candle.close,
        color: candle.close >= candle.open ? up : down,
        lineStyle: LineStyle.Dotted,
        lineWidth: 1,
        title: '',
      } as const;
      if (last === null) last = candles.createPriceLine(options);
      else last.applyOptions(options);
    },
    update(candle: Candle): void {
      candles.update(bar(candle));
      volume.update(volumeBar(candle));
    },
    setPrecision(precision: number, minMove: number): void {
      candles.applyOptions({ priceFormat: { type: 'price', precision, minMove } });
    },
    setLines(wanted: readonly Line[]): void {
      wantedPrices = wanted.map((next) => next.price);
      for (const [id, drawn] of lines) {
        if (wanted.some((next) => next.id === id)) continue;
        candles.removePriceLine(drawn);
        lines.delete(id);
      }
      for (const { id, price, title, colour } of wanted) {
        const options = { price, title, ...LINE_STYLES[colour], color: LINE_STYLES[colour].color() };
        const drawn = lines.get(id);
        if (drawn === undefined) lines.set(id, candles.createPriceLine(options));
        else drawn.applyOptions(options);
      }
    },
    /** Where a price is in the view now: a line that cannot be seen has to be told in words. */
    placeOf(price: number): 'above' | 'inside' | 'below' {
      const y = candles.priceToCoordinate(price);
      if (y === null || y < 0) return y === null ? 'inside' : 'above';
      return y > chart.paneSize().height ? 'below' : 'inside';
    },
    setMarks(marks: readonly Mark[]): void {
      markers.setMarkers(marks.map((mark) => markerOf(mark, up, down, text)));
    },
    /** Calls back with the bar under the crosshair (ms) and the mark under it, nulls when it leaves. */
    onCrosshair(call: (openTime: number | null, markId: string | null) => void): void {
      chart.subscribeCrosshairMove((event: MouseEventParams) =>
        call(
          event.time === undefined ? null : (event.time as number) * 1000,
          typeof event.hoveredObjectId === 'string' ? event.hoveredObjectId : null,
        ),
      );
    },
    /** Calls back with how many bars are free or hidden at each end of the view. */
    onView(call: (barsBefore: number, barsAfter: number) => void): void {
      chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
        const info = range === null ? null : candles.barsInLogicalRange(range);
        if (info !== null) call(info.barsBefore, info.barsAfter);
      });
    },
    toEnd: () => chart.timeScale().scrollToRealTime(),
    zoneChanged: () => chart.timeScale().applyOptions({ timeVisible: true }),
    close: () => chart.remove(),
  };
}
export type CandleChart = ReturnType<typeof createCandleChart>;

const MOST_STRETCH = 1.7;

/** The price range with the lines in it, nearest first, as long as the candles keep a readable part of the height. */
export function withLines(info: AutoscaleInfo | null, prices: readonly number[]): AutoscaleInfo | null {
  if (info?.priceRange == null) return info;
  const { minValue, maxValue } = info.priceRange;
  const most = (maxValue - minValue) * MOST_STRETCH;
  const distance = (price: number) => Math.max(minValue - price, price - maxValue);
  let [low, high] = [minValue, maxValue];
  for (const price of [...prices].sort((a, b) => distance(a) - distance(b))) {
    const [nextLow, nextHigh] = [Math.min(low, price), Math.max(high, price)];
    if (nextHigh - nextLow <= most) [low, high] = [nextLow, nextHigh];
  }
  return { ...info, priceRange: { minValue: low, maxValue: high } };
}

const LINE_STYLES = {
  entry: { color: () => token('text-2'), lineStyle: LineStyle.Solid, lineWidth: 1 },
  stop: { color: () => token('danger'), lineStyle: LineStyle.Solid, lineWidth: 1 },
  wanted: { color: () => token('warn'), lineStyle: LineStyle.Dashed, lineWidth: 1 },
  activation: { color: () => token('accent'), lineStyle: LineStyle.Dotted, lineWidth: 1 },
} as const;

function markerOf(mark: Mark, up: string, down: string, text: string): SeriesMarker<Time> {
  const time = seconds(mark.time);
  switch (mark.kind) {
    case 'buy-signal':
      return { id: mark.id, time, position: 'belowBar', shape: 'arrowUp', color: up };
    case 'sell-signal':
      return { id: mark.id, time, position: 'aboveBar', shape: 'arrowDown', color: down };
    // The library has no hollow shape: a shape of size 0 with a letter is one.
    case 'refused':
      return { id: mark.id, time, position: 'aboveBar', shape: 'circle', size: 0, color: text, text: '○' };
    case 'buy-fill':
      return { id: mark.id, time, position: 'belowBar', shape: 'circle', size: 0.7, color: up };
    case 'sell-fill':
      return { id: mark.id, time, position: 'aboveBar', shape: 'circle', size: 0.7, color: down };
  }
}

function tickText(ms: number, type: TickMarkType, zone: Zone): string {
  if (type === TickMarkType.Time || type === TickMarkType.TimeWithSeconds) return minuteText(ms, zone);
  return type === TickMarkType.Year ? String(new Date(ms).getUTCFullYear()) : dayText(ms, zone);
}
