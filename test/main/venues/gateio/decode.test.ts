import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderNames } from '#main/venues/core/order-names';
import { sequence } from '#main/venues/gateio/book-sync';
import { decodePublic } from '#main/venues/gateio/decode';
import { decodeAccount } from '#main/venues/gateio/decode-account';
import { decodeInstruments } from '#main/venues/gateio/symbols';
import { ProtocolError } from '#main/venues/venue';
import { unixMs } from '#shared/domain/basics';
import { CONTRACTS, FUTURE, PAIRS, SPOT } from './rows';

const now = () => unixMs(1_782_000_003_000);
const open = (market: 'spot' | 'future') => ({
  market,
  known: (wire: string) => (wire === 'BTC_USDT' ? (market === 'spot' ? SPOT : FUTURE) : undefined),
  now,
});
const future = (frame: unknown) =>
  decodePublic(typeof frame === 'string' ? frame : JSON.stringify(frame), open('future'));
const TRADE = {
  time: 1782000000,
  time_ms: 1782000000123,
  channel: 'futures.trades',
  event: 'update',
  result: [{ size: -3, id: 27753480, create_time_ms: 1782000000120, price: '50000.5', contract: 'BTC_USDT' }],
};
const eventsOf = (message: ReturnType<typeof decodePublic>) =>
  message.kind === 'events' ? message.events.map(([, event]) => event) : [];

describe('instruments', () => {
  it('count futures in base units, exactly', () => {
    expect(FUTURE).toMatchObject({
      symbol: 'BTC/USDT:USDT',
      stepSize: '0.0001',
      minAmount: '0.0001',
      maxAmount: '100',
      contractSize: '0.0001',
    });
  });
  it('read spot steps from numbers of places', () => {
    expect(SPOT).toMatchObject({ symbol: 'BTC/USDT', tickSize: '0.1', stepSize: '0.0001', minNotional: '3' });
  });
  it('leave out what has no size in base units or settles otherwise, and mark what is not traded', () => {
    const rows = [
      { ...CONTRACTS[0], quanto_multiplier: '0' },
      { ...CONTRACTS[0], name: 'BTC_USD' },
      { ...CONTRACTS[0], in_delisting: true },
    ];
    expect(decodeInstruments(rows, 'future')).toMatchObject([{ active: false }]);
    expect(decodeInstruments([{ ...PAIRS[0], trade_status: 'sellable' }], 'spot')).toMatchObject([
      { active: false },
    ]);
  });
  it('take the smallest size for the step where fractions of a contract trade', () => {
    const rows = [{ ...CONTRACTS[0], enable_decimal: true, order_size_min: '0.1' }];
    expect(decodeInstruments(rows, 'future')).toMatchObject([{ stepSize: '0.00001' }]);
  });
});

describe('public frames', () => {
  it('turn contracts into base units and signs into sides', () => {
    expect(eventsOf(future(TRADE))).toMatchObject([{ type: 'trade', side: 'sell', amount: '0.0003' }]);
  });
  it('take numbers as text and text as numbers, and ids beyond 2^53', () => {
    const text = JSON.stringify(TRADE)
      .replace('27753480', '9007199254740993123')
      .replace('"50000.5"', '50000.5');
    expect(eventsOf(future(text.replace('"size":-3', '"size":"-3"')))).toMatchObject([
      { tradeId: '9007199254740993123', price: '50000.5', amount: '0.0003' },
    ]);
  });
  it('tell mark, index, funding and open interest with the ticker', () => {
    const result = [
      {
        contract: 'BTC_USDT',
        last: '50000.5',
        mark_price: '50000',
        index_price: '50000.2',
        funding_rate: '0.0001',
        funding_next_apply: 1789459200,
        total_size: '1000',
      },
    ];
    expect(eventsOf(future({ ...TRADE, channel: 'futures.tickers', result }))).toMatchObject([
      { type: 'ticker', last: '50000.5' },
      { type: 'mark', mark: '50000', nextFundingAt: 1_789_459_200_000 },
      { type: 'interest', base: '0.1', quote: '5000' },
    ]);
  });
  it('hand refusals to the subscription they answer', () => {
    const refused = {
      ...TRADE,
      id: 4,
      event: 'subscribe',
      error: { code: 2, message: 'unknown contract X' },
    };
    expect(future(refused)).toMatchObject({ kind: 'reply', id: 4, refused: 'unknown contract X' });
    const fine = { ...TRADE, id: 5, event: 'subscribe', error: null, result: { status: 'success' } };
    expect(future(fine)).toMatchObject({ kind: 'reply', id: 5, refused: null });
  });
  it.each([
    ['cut short', JSON.stringify(TRADE).slice(0, -9)],
    ['two documents', JSON.stringify(TRADE).repeat(2)],
    ['of a symbol nobody asked for', JSON.stringify(TRADE).replace('BTC_USDT', 'XYZ_USDT')],
    ['of an unknown channel', JSON.stringify(TRADE).replace('futures.trades', 'futures.novelty')],
    ['of another market', JSON.stringify(TRADE).replace('futures.trades', 'spot.trades')],
    ['without a channel', '{"event":"update"}'],
    ['with a size that is none', JSON.stringify(TRADE).replace('-3', '"x"')],
    ['with a size of nothing', JSON.stringify(TRADE).replace('-3', '0')],
    ['an error page', '<html></html>'],
  ])('%s are broken', (_what, frame) => {
    expect(() => future(frame)).toThrow(ProtocolError);
  });
  it('a book that runs backwards is broken', () => {
    const result = { t: 1782000000233, s: 'ob.BTC_USDT.400', U: 9, u: 5 };
    expect(() => future({ ...TRADE, channel: 'futures.obu', result })).toThrow(ProtocolError);
    expect(future({ ...TRADE, channel: 'futures.obu', result: { ...result, u: 9 } })).toMatchObject({
      kind: 'book',
    });
  });
});

describe('the book’s sequence', () => {
  const delta = (first: number, last: number) => ({
    first,
    last,
    previousLast: null,
    bids: [],
    asks: [],
    venueTime: now(),
  });
  it('applies exactly what follows, drops what is old, and finds every hole', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(cuts, fc.nat(100), fc.nat(29), (lengths, start, lose) => {
        let next = start + 1;
        const deltas = lengths.map((length) => {
          const one = delta(next, next + length - 1);
          next += length;
          return one;
        });
        let applied = start;
        for (const one of deltas) {
          expect(sequence(applied, one)).toBe('apply');
          applied = one.last;
        }
        for (const one of deltas) expect(sequence(applied, one)).toBe('drop');
        const lost = lose % deltas.length;
        const after = deltas[lost + 1];
        if (after !== undefined) expect(sequence(deltas[lost]!.first - 1, after)).toBe('gap');
      }),
    );
  });
});

describe('private frames', () => {
  const mine = (market: 'spot' | 'future', names = new OrderNames()) => ({
    market,
    names,
    now,
    known: () => (market === 'spot' ? SPOT : FUTURE),
  });
  const FILL = {
    id: '3335260',
    create_time_ms: 1782000002098,
    contract: 'BTC_USDT',
    order_id: '4872461',
    size: 4,
    price: '50000',
    role: 'maker',
    text: 't-wd-9',
    fee: -0.005,
    point_fee: 0,
  };
  const frame = (channel: string, result: unknown) =>
    JSON.stringify({ time: 1782000002, channel, event: 'update', result });
  const fillsOf = (
    rows: readonly unknown[],
    market: 'spot' | 'future' = 'future',
    names = new OrderNames(),
  ) => {
    const channel = market === 'spot' ? 'spot.usertrades' : 'futures.usertrades';
    const news = decodeAccount(frame(channel, rows), mine(market, names));
    return news.kind === 'events'
      ? news.events.map((event) => (event.type === 'fill' ? event.fill : null))
      : [];
  };
  it('M-288 tell all fills of a message, each with its own price and amount', () => {
    const fills = fillsOf([FILL, { ...FILL, id: '3335261', size: -6, price: '49999', fee: 0.1 }]);
    expect(fills).toMatchObject([
      { tradeId: '3335260', side: 'buy', amount: '0.0004', price: '50000', fee: { cost: '-0.005' } },
      { tradeId: '3335261', side: 'sell', amount: '0.0006', price: '49999', fee: { cost: '0.1' } },
    ]);
  });
  it('M-286 a fee that was not told is unknown; one paid in GT or points names them', () => {
    const { fee: _told, point_fee: _points, ...silent } = FILL;
    expect(fillsOf([silent])).toMatchObject([{ fee: null }]);
    expect(fillsOf([{ ...FILL, fee: 0, point_fee: 0.2 }])).toMatchObject([
      { fee: { cost: '0.2', currency: 'POINT' } },
    ]);
    const spot = { ...FILL, currency_pair: 'BTC_USDT', side: 'buy', amount: '0.5', fee: '0', gt_fee: '0.06' };
    expect(fillsOf([spot], 'spot')).toMatchObject([{ fee: { cost: '0.06', currency: 'GT' }, amount: '0.5' }]);
    expect(fillsOf([{ ...spot, gt_fee: '0' }], 'spot')).toMatchObject([
      { fee: { cost: '0', currency: 'BTC' } },
    ]);
  });
  it('a fill of what a stop became carries the stop’s client id', () => {
    const names = new OrderNames();
    const trigger = {
      id: 0,
      id_string: '1843284761263411201',
      initial: {
        contract: 'BTC_USDT',
        size: -4,
        price: '0',
        tif: 'ioc',
        text: 't-wd-10',
        is_reduce_only: true,
      },
      trigger: { price: '48000', rule: 2 },
      trade_id: 0,
      status: 'open',
      create_time: 1782000002,
    };
    const news = decodeAccount(frame('futures.autoorders', [trigger]), mine('future', names));
    expect(news).toMatchObject({
      events: [{ order: { clientOrderId: 'wd-10', status: 'open', triggerPrice: '48000', side: 'sell' } }],
    });
    expect(fillsOf([{ ...FILL, text: 'ao-1843284761263411201' }], 'future', names)).toMatchObject([
      { clientOrderId: 'wd-10' },
    ]);
    expect(fillsOf([{ ...FILL, text: 'ao-7' }], 'future', names)).toMatchObject([{ clientOrderId: null }]);
  });
  it.each([
    [{ status: 'open', left: 10 }, 'open'],
    [{ status: 'open', left: 6, finish_as: '_update' }, 'partially_filled'],
    [{ status: 'finished', left: 0, finish_as: 'filled' }, 'filled'],
    [{ status: 'finished', left: 6, finish_as: 'ioc' }, 'expired'],
    [{ status: 'finished', left: 6, finish_as: 'cancelled' }, 'cancelled'],
    [{ status: 'finished', left: 6, finish_as: 'reduce_out' }, 'cancelled'],
  ])('%j is %s', (row, status) => {
    const whole = {
      id: 1,
      contract: 'BTC_USDT',
      size: 10,
      fill_price: 1,
      create_time_ms: 1782000000325,
      ...row,
    };
    expect(decodeAccount(frame('futures.orders', [whole]), mine('future'))).toMatchObject({
      events: [{ order: { status } }],
    });
  });
  it('an undocumented status is broken, not guessed', () => {
    const row = {
      id: 1,
      contract: 'BTC_USDT',
      size: 10,
      left: 1,
      status: 'novel',
      create_time_ms: 1782000000325,
    };
    expect(() => decodeAccount(frame('futures.orders', [row]), mine('future'))).toThrow(ProtocolError);
  });
  it('M-290 public trades are no own fills', () => {
    expect(() => decodeAccount(JSON.stringify(TRADE), mine('future'))).toThrow(ProtocolError);
  });
  it('balances and positions ask for a whole picture', () => {
    expect(decodeAccount(frame('futures.positions', []), mine('future'))).toEqual({ kind: 'stale-account' });
  });
});
