import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { places, toNumber } from '#shared/domain/decimal';
import { type Candle, Timeframe } from '#shared/domain/market';
import type { Fill } from '#shared/domain/order';
import { type ChartFeed, type ChartState, openChartFeed } from '../../state/chart-feed';
import { historyPage } from '../../state/history';
import { useDecisions, usePositions } from '../../state/lists';
import { toRef, useChartMarket, useInstrument, useMarket, useWatched } from '../../state/market';
import { setTimeframe, showOnChart, useScreen } from '../../state/screen';
import { Choice } from '../../ui/choice';
import { numberText, signedNumberText } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { exchangeText, sentence } from '../../ui/texts.en';
import { Age } from '../../ui/value';
import { type CandleChart, createCandleChart, type Line } from './draw';
import { Legend } from './legend';
import { linesOf } from './lines';
import { type Mark, marksOf } from './marks';
import './chart.css';

const LOAD_OLDER_AT_BARS = 60;
const QUIET: ChartState = { loading: true, offline: false, newestAt: null, trouble: null, atEnd: true };

export function ChartPanel() {
  const market = useChartMarket();
  const trouble = useMarket((state) => state.trouble);
  return (
    <Panel name="Chart" bar={<ChartBar market={market} />}>
      {market !== null ? (
        <CandleView key={market} market={market} />
      ) : trouble !== null ? (
        <Trouble
          what="The list of markets could not be loaded."
          detail={`${sentence(trouble)} Trying again.`}
        />
      ) : (
        <Skeleton rows={10} />
      )}
    </Panel>
  );
}

function ChartBar({ market }: { market: string | null }) {
  const timeframe = useScreen((screen) => screen.timeframe);
  const watched = useWatched();
  const instruments = useMarket((state) => state.instruments);
  const ids = useMemo(() => {
    const all = instruments === null ? [] : [...instruments.keys()];
    return [...new Set([...watched, ...all])];
  }, [watched, instruments]);
  return (
    <>
      <select
        className="input chart-symbol"
        aria-label="Symbol"
        value={market ?? ''}
        onChange={(event) => showOnChart(event.target.value)}
      >
        {ids.map((id) => (
          <option key={id} value={id}>
            {id.slice(id.indexOf('|') + 1)} · {exchangeText(id)}
          </option>
        ))}
      </select>
      <Choice
        label="Timeframe"
        options={Timeframe.options.map((value) => ({ value, text: value }))}
        value={timeframe}
        onChange={setTimeframe}
      />
    </>
  );
}

function CandleView({ market }: { market: string }) {
  const timeframe = useScreen((screen) => screen.timeframe);
  const zone = useScreen((screen) => screen.zone);
  const colours = useScreen((screen) => screen.colours);
  const instrument = useInstrument(market);
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<CandleChart | null>(null);
  const feed = useRef<ChartFeed | null>(null);
  const bars = useRef<Map<number, Candle>>(new Map());
  const [state, setState] = useState<ChartState>(QUIET);
  const [newest, setNewest] = useState<Candle | null>(null);
  const [under, setUnder] = useState<{ openTime: number | null; mark: string | null }>({
    openTime: null,
    mark: null,
  });
  const [away, setAway] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the tokens when drawn anew
  useEffect(() => {
    const ref = toRef(market);
    if (holder.current === null || ref === null) return;
    setState(QUIET);
    setNewest(null);
    const drawn = createCandleChart(holder.current, () => useScreen.getState().zone);
    let told = 0;
    const source = openChartFeed(ref, timeframe, {
      reset: (candles, added) => {
        bars.current = new Map(candles.map((candle) => [candle.openTime, candle]));
        drawn.setCandles(candles, added);
        // An older part ends before the newest candle, which stays what it is.
        setNewest((known) => later(known, candles.at(-1) ?? null));
      },
      update: (candle) => {
        bars.current.set(candle.openTime, candle);
        drawn.update(candle);
      },
      newest: (candle) => {
        drawn.setLast(candle);
        // The legend need not follow each frame.
        if (performance.now() - told < 250) return;
        told = performance.now();
        setNewest(candle);
      },
      state: setState,
    });
    drawn.onCrosshair((openTime, mark) => setUnder({ openTime, mark }));
    drawn.onView((before, after) => {
      if (before < LOAD_OLDER_AT_BARS) void source.older();
      if (after < 10) void source.newer();
      setAway(after > 5);
    });
    chart.current = drawn;
    feed.current = source;
    return () => {
      source.close();
      drawn.close();
      chart.current = null;
      feed.current = null;
    };
  }, [market, timeframe, colours]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart reads the zone itself when told
  useEffect(() => chart.current?.zoneChanged(), [zone]);
  useEffect(() => {
    if (instrument === undefined) return;
    chart.current?.setPrecision(places(instrument.tickSize), toNumber(instrument.tickSize));
  });

  const marks = useMarks(market, timeframe);
  const positions = usePositions((list) => list.rows);
  const lines = useMemo(() => linesOf(positions?.values() ?? [], market), [positions, market]);
  // The chart may be younger than these (another timeframe makes a new one), so both are set after every drawing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => chart.current?.setLines(lines), [lines, timeframe, colours]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => chart.current?.setMarks(marks), [marks, timeframe, colours, newest === null]);

  const shown = (under.openTime === null ? null : bars.current.get(under.openTime)) ?? newest;
  const decimals = instrument === undefined ? 2 : places(instrument.tickSize);
  return (
    <div className="chart">
      <div ref={holder} className="chart-canvas" data-testid="chart" />
      {shown !== null && (
        <Legend
          candle={shown}
          decimals={decimals}
          base={instrument?.base ?? ''}
          marks={marksAt(marks, under, shown)}
        />
      )}
      {newest !== null && <HiddenLines lines={lines} chart={chart} last={newest.close} decimals={decimals} />}
      <ChartNote state={state} empty={newest === null} />
      {(away || !state.atEnd) && (
        <button
          type="button"
          className="button chart-now"
          onClick={() => (state.atEnd ? chart.current?.toEnd() : void feed.current?.toEnd())}
        >
          To the newest →
        </button>
      )}
    </div>
  );
}

/** Marks of this market; fills come from the history, read again when a position of it changes. */
function useMarks(market: string, timeframe: Timeframe): readonly Mark[] {
  const decisions = useDecisions((list) => list.rows);
  const [fills, setFills] = useState<readonly Fill[]>([]);
  const ref = useMemo(() => toRef(market), [market]);
  const version = usePositions((list) =>
    [...(list.rows?.values() ?? [])]
      .filter((row) => `${row.venue}|${row.symbol}` === market)
      .map((row) => `${row.id}${row.amount}${row.exitPrice}`)
      .join(),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` changes when there may be new fills
  useEffect(() => {
    if (ref === null) return;
    let stale = false;
    historyPage('fills', ref.symbol, 0, 500)
      .then((page) => !stale && setFills(page.rows))
      // Marks are a help, not a figure: without history the chart goes on without them.
      .catch(() => undefined);
    return () => {
      stale = true;
    };
  }, [ref, version]);
  return useMemo(() => {
    if (ref === null) return [];
    const exchange = ref.venue.split('_')[0] as string;
    return marksOf(decisions?.values() ?? [], fills, { ...ref, exchange }, timeframe);
  }, [decisions, fills, ref, timeframe]);
}

const later = (a: Candle | null, b: Candle | null): Candle | null =>
  a === null || (b !== null && b.openTime >= a.openTime) ? b : a;

const marksAt = (
  marks: readonly Mark[],
  under: { openTime: number | null; mark: string | null },
  shown: Candle,
): readonly Mark[] =>
  under.openTime === null
    ? []
    : marks.filter((mark) => mark.id === under.mark || mark.time === shown.openTime);

const LOOK_EVERY_MS = 500;

/** Lines that the view cannot show, in words at the edge where they are. */
function HiddenLines(props: {
  lines: readonly Line[];
  chart: RefObject<CandleChart | null>;
  last: number;
  decimals: number;
}) {
  const { lines, chart, last } = props;
  const [hidden, setHidden] = useState('');
  useEffect(() => {
    const look = () =>
      setHidden(
        lines
          .map((line) => `${chart.current?.placeOf(line.price) ?? 'inside'} ${line.id}`)
          .filter((text) => !text.startsWith('inside'))
          .join(),
      );
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [lines, chart]);
  const side = (place: 'above' | 'below') =>
    lines
      .filter((line) => hidden.split(',').includes(`${place} ${line.id}`))
      .map((line) => (
        <span key={line.id} className={`hidden-line line-${line.colour}`}>
          {place === 'above' ? '↑' : '↓'} {line.title} {numberText(line.price, props.decimals)}{' '}
          <span className="soft">{signedNumberText((line.price / last - 1) * 100, 2)} %</span>
        </span>
      ));
  return (
    <>
      <div className="hidden-lines hidden-above num">{side('above')}</div>
      <div className="hidden-lines hidden-below num">{side('below')}</div>
    </>
  );
}

function ChartNote({ state, empty }: { state: ChartState; empty: boolean }) {
  if (state.trouble !== null) {
    return empty ? (
      <div className="chart-cover">
        <Trouble
          what="The candles could not be loaded."
          detail={`${state.trouble} Trying again with the next price.`}
        />
      </div>
    ) : (
      <div className="chart-note warn">Candles: {state.trouble}</div>
    );
  }
  if (state.loading && empty) {
    return (
      <div className="chart-cover">
        <Skeleton rows={10} />
      </div>
    );
  }
  if (empty) {
    return (
      <div className="chart-cover">
        <Empty title="No candles yet." hint="The first one appears with the first trade." />
      </div>
    );
  }
  return state.offline ? (
    <div className="chart-note warn">
      From the local store, newest candle <Age at={state.newestAt} clock="market" ago />: the exchange cannot
      be asked now.
    </div>
  ) : null;
}
