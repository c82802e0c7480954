import { mul } from '#shared/domain/decimal';
import type { Level } from '#shared/domain/market';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  integerOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
  toDecimal,
} from '../core/fields';
import type { FrameFact, Where } from '../core/frame-facts';
import type { GateInstrument } from './symbols';
import { timeOf } from './times';

type Facts = readonly FrameFact[];
type KnownOf = (wire: string) => GateInstrument;

const rows = (frame: Fields): readonly Fields[] =>
  (Array.isArray(frame.result) ? listOf(frame.result, 'result') : [frame.result]).map((row) =>
    fieldsOf(row, 'row'),
  );

// spot {"timestamp_ms":"1782000001310","currency":"USDT","total":"1625.025","available":"1620.025","freeze":"5"}
// futures {"balance":9.998,"change":0.005,"time_ms":1782000002110,"type":"fee","currency":"usdt"}: the total alone
export const balanceFacts = (where: Where, frame: Fields): Facts =>
  rows(frame).map((row) => ({
    type: 'balance',
    ...where,
    asset: textOf(row, 'currency').toUpperCase(),
    free: optionalDecimal(row, 'available'),
    locked: optionalDecimal(row, 'freeze'),
    timestamp: timeOf(row, 'timestamp_ms', 'timestamp', 'time_ms', 'time'),
  }));

// {"contract":"BTC_USDT","mode":"single","size":4,"entry_price":50000,"liq_price":45300,"time_ms":1782000002110}
export const positionFacts = (where: Where, frame: Fields, known: KnownOf): Facts =>
  rows(frame).map((row) => {
    const { symbol, contractSize } = known(textOf(row, 'contract'));
    return {
      type: 'position',
      ...where,
      symbol,
      timestamp: timeOf(row, 'time_ms', 'time'),
      amount: mul(decimalOf(row, 'size'), contractSize),
      entry_price: positiveOrNull(row, 'entry_price'),
      liquidation_price: positiveOrNull(row, 'liq_price'),
    };
  });

// update {"t":…,"s":"BTC_USDT","U":2517661120,"u":2517661133,"b":[{"p":"50000.1","s":0}],"a":[]}
// whole {"t":…,"contract":"BTC_USDT","id":93973511,"asks":[{"p":"97.1","s":2245}],"bids":[]} or, on spot,
// {"t":…,"lastUpdateId":48791820,"s":"BTC_USDT","bids":[["19079.55","0.0195"]],"asks":[]}
export const snapshotFacts = (where: Where, frame: Fields, known: KnownOf): Facts =>
  rows(frame).map((row) => {
    const { symbol, contractSize } = known(textOf(row, row.s === undefined ? 'contract' : 's'));
    const levels = (value: unknown): Level[] =>
      listOf(value ?? [], 'levels').map((level) => {
        const [price, size] = Array.isArray(level)
          ? (level as unknown[])
          : [fieldsOf(level, 'level').p, (level as Fields).s];
        return [toDecimal(price, 'price'), mul(toDecimal(size, 'size'), contractSize)] as const;
      });
    const update = row.U !== undefined && row.full !== true;
    const last = row.u === undefined ? (row.id === undefined ? 'lastUpdateId' : 'id') : 'u';
    return {
      type: update ? 'book_delta' : 'book_snapshot',
      ...where,
      symbol,
      timestamp: timeOf(row, 't'),
      first: update ? String(integerOf(row, 'U')) : null,
      last: String(integerOf(row, last)),
      bids: levels(row.b ?? row.bids),
      asks: levels(row.a ?? row.asks),
    };
  });

// {"request_id":"r2","ack":false,"header":{"status":"400","channel":"spot.order_place","event":"api"},
//  "data":{"errs":{"label":"AUTHENTICATION_FAILED","message":"Not login"}}}; null for frames that are no replies of trading
export function apiFacts(where: Where, frame: Fields): Facts | null {
  if (frame.header === undefined) return null;
  const header = fieldsOf(frame.header, 'header');
  const data = fieldsOf(frame.data ?? {}, 'data');
  const channel = textOf(header, 'channel');
  const id = frame.request_id === undefined ? null : String(frame.request_id);
  const login = channel.endsWith('.login');
  if (data.errs !== undefined) {
    const errs = fieldsOf(data.errs, 'errs');
    const [label, message] = [String(errs.label ?? ''), String(errs.message ?? '')];
    return login
      ? [{ type: 'auth', ...where, ok: false, message: `${label}: ${message}` }]
      : [{ type: 'error', ...where, code: label, message }];
  }
  if (header.status !== undefined && !String(header.status).startsWith('2'))
    throw bad('a reply that failed without words', frame);
  return login
    ? [{ type: 'auth', ...where, ok: true, message: null }]
    : [{ type: 'ack', ...where, what: channel, id }];
}

/** Tickers also say the best prices, which a living venue hears elsewhere. */
export function withBestPrices(facts: Facts, frame: Fields, known: KnownOf): Facts {
  if (!String(frame.channel).endsWith('.tickers')) return facts;
  const bySymbol = new Map(
    rows(frame).map((row) => [known(String(row.contract ?? row.currency_pair)).symbol as string | null, row]),
  );
  return facts.map((fact) => {
    const row = fact.type === 'ticker' ? bySymbol.get(fact.symbol) : undefined;
    if (fact.type !== 'ticker' || row === undefined) return fact;
    return { ...fact, bid: positiveOrNull(row, 'highest_bid'), ask: positiveOrNull(row, 'lowest_ask') };
  });
}
