import { describe, expect, it } from 'vitest';
import { decodePublic } from '#main/venues/bitget/decode';
import { type AccountContext, decodeAccount, feeOf } from '#main/venues/bitget/decode-account';
import { CandleTurns, decodeCandleRow } from '#main/venues/bitget/klines';
import { decodeOrderRow, decodePlanRow, orderSideOf, toClientId } from '#main/venues/bitget/order-rows';
import { decodeInstruments } from '#main/venues/bitget/symbols';
import { ProtocolError } from '#main/venues/venue';
import { type Decimal, unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';

const AT = 1_795_187_003_000;
const SYMBOLS: Record<MarketKind, Symbol> = {
  spot: 'BTC/USDT' as Symbol,
  future: 'BTC/USDT:USDT' as Symbol,
};
const open = (market: MarketKind) => ({
  market,
  symbol: (wire: string) => (wire === 'BTCUSDT' ? SYMBOLS[market] : undefined),
  now: () => unixMs(AT),
});
const mine = (market: MarketKind): AccountContext => ({
  market,
  now: () => unixMs(AT),
  known(wire) {
    if (wire !== 'BTCUSDT') throw new ProtocolError('unknown symbol', wire);
    return { market, symbol: SYMBOLS[market], quote: 'USDT', base: 'BTC' } as Instrument;
  },
});
const publicFrame = (topic: string, data: unknown[], action = 'update', more: object = {}) =>
  JSON.stringify({
    action,
    arg: { instType: 'usdt-futures', topic, symbol: 'BTCUSDT', ...more },
    data,
    ts: AT,
  });
const trade = (over: object = {}) => ({
  i: '1361000000000000002',
  L: '1',
  p: '68012.4',
  v: '0.021',
  S: 'sell',
  T: String(AT),
  ...over,
});
const read = (text: string) => decodePublic(text, open('future'));
const eventsOf = (text: string) => {
  const message = read(text);
  return message.kind === 'events' ? message.events : [];
};
const priv = (market: MarketKind, channel: string, rows: unknown[]) => {
  const instType = market === 'spot' ? 'SPOT' : 'USDT-FUTURES';
  const news = decodeAccount(
    JSON.stringify({ action: 'snapshot', arg: { instType, channel, instId: 'default' }, data: rows, ts: AT }),
    mine(market),
  );
  return news.kind === 'events' ? news.events : [];
};

describe('public frames', () => {
  it('M-288 M-290 tells every trade of a message, oldest first', () => {
    const frame = publicFrame('publicTrade', [trade({ i: '3' }), trade({ i: '2' }), trade({ i: '1' })]);
    expect(eventsOf(frame).map((event) => event.type === 'trade' && event.tradeId)).toEqual(['1', '2', '3']);
  });
  it('trap: a snapshot of old trades is never told as new ones', () => {
    expect(eventsOf(publicFrame('publicTrade', [trade()], 'snapshot'))).toEqual([]);
    expect(eventsOf(publicFrame('publicTrade', [trade()]))).toHaveLength(1);
  });
  it('trap: the price of a trade is read where the exchange writes it, in a small letter', () => {
    expect(eventsOf(publicFrame('publicTrade', [trade()]))).toMatchObject([{ price: '68012.4' }]);
  });
  it('reads numbers printed bare, and ids beyond 2^53 to the last digit', () => {
    const bare = publicFrame('publicTrade', [trade()])
      .replace('"68012.4"', '68012.4')
      .replace('"1361000000000000002"', '1361000000000000003');
    expect(eventsOf(bare)).toMatchObject([{ price: '68012.4', tradeId: '1361000000000000003' }]);
  });
  it('takes symbols in small letters', () => {
    expect(eventsOf(publicFrame('publicTrade', [trade()]).replace('BTCUSDT', 'btcusdt'))).toHaveLength(1);
  });
  it.each([
    ['a cut one', publicFrame('publicTrade', [trade()]).slice(0, -9)],
    ['two documents', `${publicFrame('publicTrade', [trade()])}{}`],
    ['a symbol nobody asked for', publicFrame('publicTrade', [trade()]).replace('BTCUSDT', 'XYZUSDT')],
    ['an unknown channel', publicFrame('tea', [trade()])],
    ['another product', publicFrame('publicTrade', [trade()]).replace('usdt-futures', 'spot')],
    [
      'a book of an unknown action',
      publicFrame('books', [{ a: [], b: [], seq: 5, ts: String(AT) }], 'twist'),
    ],
    ['a level that is no list', publicFrame('books', [{ a: [1], b: [], seq: 5, ts: String(AT) }])],
    ['a best price with one side', publicFrame('books1', [{ a: [], b: [['1', '1']], ts: String(AT) }])],
  ])('%s is an error of the protocol', (_what, frame) => {
    expect(() => read(frame)).toThrow(ProtocolError);
  });
  it('a refused topic is told with its name, and a confirmed one', () => {
    const arg = { instType: 'usdt-futures', topic: 'kline', symbol: 'BTCUSDT', interval: '1m' };
    expect(read(JSON.stringify({ event: 'subscribe', arg }))).toEqual({
      kind: 'confirmed',
      topic: 'kline_1m:BTCUSDT',
    });
    expect(read(JSON.stringify({ event: 'error', arg, code: 30001, msg: 'no' }))).toEqual({
      kind: 'refused',
      topic: 'kline_1m:BTCUSDT',
      why: 'no (30001)',
    });
  });
  it('a liquidation is told with the side of the order that closes the position', () => {
    const row = { symbol: 'BTCUSDT', side: 'buy', price: '1', amount: '2', ts: String(AT) };
    expect(eventsOf(publicFrame('liquidation', [row, { ...row, symbol: 'XYZUSDT' }]))).toMatchObject([
      { type: 'liquidation', side: 'sell' },
    ]);
  });
});

describe('candles', () => {
  const row = (start: number, close: string) => ({
    timeframe: '1m' as const,
    candle: decodeCandleRow([String(start), '1', '2', '0.5', close, '3', '4', '4'], '1m').candle,
  });
  const start = 1_795_186_980_000;
  it('calls a candle closed when a later one arrives, with what was last seen of it', () => {
    const turns = new CandleTurns();
    turns.take('t', [row(start, '1.1')], false);
    turns.take('t', [row(start, '1.2')], false);
    expect(turns.take('t', [row(start + 60_000, '1.3')], false)).toMatchObject([
      { openTime: start, close: 1.2, closed: true },
      { openTime: start + 60_000, close: 1.3, closed: false },
    ]);
  });
  it('tells of a history only its newest closed candle and the open one', () => {
    const history = [0, 1, 2, 3].map((minute) => row(start + minute * 60_000, '1'));
    expect(new CandleTurns().take('t', history, true).map(({ closed }) => closed)).toEqual([true, false]);
  });
  it('trap: a day that begins at 16:00 UTC is never told as a day', () => {
    const day = 86_400_000;
    const utc = Math.floor(start / day) * day;
    expect(() => decodeCandleRow([String(utc - 8 * 3_600_000), '1', '1', '1', '1', '1'], '1d')).toThrow(
      /begin on its interval/,
    );
    expect(decodeCandleRow([String(utc), '1', '1', '1', '1', '1'], '1d').candle.openTime).toBe(utc);
  });
});

const futureOrder = (over: object = {}) => ({
  instId: 'BTCUSDT',
  orderId: '1361200000000000001',
  clientOid: 'wd-18',
  size: '0.02',
  orderType: 'market',
  side: 'sell',
  posMode: 'one_way_mode',
  tradeSide: 'sell_single',
  reduceOnly: 'yes',
  baseVolume: '0.01',
  accBaseVolume: '0.02',
  fillPrice: '68010.1',
  priceAvg: '68000',
  tradeId: '1361200000000000011',
  fillTime: String(AT),
  fillFee: '-0.4',
  fillFeeCoin: 'USDT',
  tradeScope: 'T',
  status: 'filled',
  cTime: String(AT - 10),
  uTime: String(AT + 2),
  ...over,
});
const fill = (over: object = {}) => ({
  orderId: '1',
  tradeId: '11',
  symbol: 'BTCUSDT',
  side: 'sell',
  priceAvg: '100',
  size: '2',
  amount: '200',
  price: '100',
  baseVolume: '2',
  quoteVolume: '200',
  tradeScope: 'taker',
  cTime: String(AT),
  ...over,
});

describe('private frames', () => {
  it('M-285 tells the last fill of an order with its own price and amount, before the order', () => {
    expect(priv('future', 'orders', [futureOrder()])).toMatchObject([
      { type: 'fill', fill: { price: '68010.1', amount: '0.01', fee: { cost: '0.4', currency: 'USDT' } } },
      { type: 'order', order: { filled: '0.02', averagePrice: '68000', status: 'filled' } },
    ]);
  });
  it('M-288 tells all fills of a message', () => {
    expect(priv('spot', 'fill', [fill(), fill({ tradeId: '12' }), fill({ tradeId: '13' })])).toHaveLength(3);
  });
  it('an order without a fill brings none', () => {
    const types = priv('future', 'orders', [futureOrder({ baseVolume: '0', status: 'live' })]);
    expect(types.map(({ type }) => type)).toEqual(['order']);
  });
  it('trap: fee signs: what was paid is positive, whichever channel tells it', () => {
    const detail = (totalFee: string) => [
      { feeCoin: 'USDT', deduction: 'no', totalDeductionFee: '0', totalFee },
    ];
    const cost = { fee: { cost: '0.68', currency: 'USDT' } };
    expect(priv('spot', 'fill', [fill({ feeDetail: detail('0.68') })])).toMatchObject([{ fill: cost }]);
    expect(priv('future', 'fill', [fill({ feeDetail: detail('-0.68') })])).toMatchObject([{ fill: cost }]);
    expect(feeOf({ feeCoin: 'USDT', deduction: 'no', totalFee: '-0.68' }, 'negative')).toEqual(cost.fee);
    // A rebate is the other sign, everywhere.
    expect(feeOf({ feeCoin: 'USDT', deduction: 'no', totalFee: '0.1' }, 'negative')).toMatchObject({
      cost: '-0.1',
    });
  });
  it("trap: a fee in the exchange's own coin is read where it stands, positive and in that coin", () => {
    const inCoin = (amount: string) => ({
      feeCoin: 'BGB',
      deduction: 'yes',
      totalDeductionFee: amount,
      totalFee: '0',
    });
    for (const amount of ['0.07', '-0.07'])
      expect(feeOf([inCoin(amount)], 'negative')).toEqual({ cost: '0.07', currency: 'BGB' });
  });
  it('M-286 a fee that was not told is null, not zero', () => {
    for (const detail of [undefined, null, [], ''])
      expect(priv('spot', 'fill', [fill({ feeDetail: detail })])).toMatchObject([{ fill: { fee: null } }]);
  });
  it('trap: in hedge mode the side of an order is that of its position, and is turned into the trade', () => {
    const row = { side: 'buy', posMode: 'hedge_mode', tradeSide: 'close' };
    expect(orderSideOf(row)).toBe('sell');
    expect(orderSideOf({ ...row, tradeSide: 'open' })).toBe('buy');
    expect(orderSideOf({ ...row, posMode: 'one_way_mode' })).toBe('buy');
  });
  it('takes both spellings of cancelled, and no word that nobody knows', () => {
    for (const status of ['cancelled', 'canceled'])
      expect(priv('future', 'orders', [futureOrder({ status, baseVolume: '0' })])).toMatchObject([
        { order: { status: 'cancelled' } },
      ]);
    expect(() => priv('future', 'orders', [futureOrder({ status: 'napping' })])).toThrow(ProtocolError);
  });
  it('a trigger order that fired says nothing: the order it became does', () => {
    const plan = {
      instId: 'BTCUSDT',
      orderId: '5',
      clientOid: 'wd-1',
      planType: 'sl',
      size: '1',
      side: 'sell',
      triggerPrice: '9',
      cTime: String(AT),
      uTime: String(AT),
    };
    expect(priv('future', 'orders-algo', [{ ...plan, status: 'executed' }])).toEqual([]);
    expect(priv('future', 'orders-algo', [{ ...plan, status: 'live' }])).toMatchObject([
      { order: { status: 'open', triggerPrice: '9', reduceOnly: true } },
    ]);
  });
  it('a lost session ends the stream; another refusal is an error', () => {
    const text = (code: unknown) => JSON.stringify({ event: 'error', code, msg: 'x' });
    expect(decodeAccount(text('30004'), mine('spot'))).toMatchObject({ kind: 'stream-ended' });
    expect(() => decodeAccount(text(30001), mine('spot'))).toThrow(ProtocolError);
  });
  it('M-290 a public channel on a private socket is no fill', () => {
    expect(() => priv('spot', 'trade', [fill()])).toThrow(/unknown channel/);
  });
});

describe('rows of REST', () => {
  const spotRow = {
    symbol: 'BTCUSDT',
    orderId: '1',
    clientOid: 'wd-1',
    size: '2',
    orderType: 'limit',
    side: 'buy',
    status: 'partially_filled',
    baseVolume: '1',
    quoteVolume: '99',
    cTime: String(AT),
    uTime: String(AT),
  };
  it('trap: the average of an open spot order is not its limit price', () => {
    const order = decodeOrderRow({ ...spotRow, priceAvg: '100', basePrice: '99' }, SYMBOLS.spot, 'spot');
    expect(order.averagePrice).toBe('99');
    expect(
      decodeOrderRow({ ...spotRow, price: '100', priceAvg: '98' }, SYMBOLS.spot, 'spot').averagePrice,
    ).toBe('98');
  });
  it('trap: a filled order without an average has the one of its values', () => {
    expect(decodeOrderRow({ ...spotRow, priceAvg: '' }, SYMBOLS.spot, 'spot').averagePrice).toBe('99');
  });
  it('trap: the size of a spot market buy is quote, so its amount is not known', () => {
    expect(decodeOrderRow({ ...spotRow, orderType: 'market' }, SYMBOLS.spot, 'spot').amount).toBeNull();
    expect(decodeOrderRow({ ...spotRow, orderType: 'market' }, SYMBOLS.future, 'future').amount).toBe('2');
  });
  it('a client id of digits is made by the exchange, and is not ours', () => {
    expect(toClientId('1111488897805352960')).toBeNull();
    expect(toClientId('iauIBf#a45b59')).toBeNull();
    expect(toClientId('w7k2p-s34h1-e1')).toBe('w7k2p-s34h1-e1');
  });
  it('a past trigger order names what it became', () => {
    const row = {
      orderId: '5',
      clientOid: 'wd-1',
      planType: 'loss_plan',
      planStatus: 'executed',
      executeOrderId: '77',
      side: 'sell',
      size: '1',
      triggerPrice: '9',
      cTime: String(AT),
      uTime: '',
    };
    expect(decodePlanRow(row, SYMBOLS.future)).toMatchObject({ childId: '77', triggered: true });
  });
  it('lists perpetuals and spot with their steps, and nothing else', () => {
    const base = {
      baseCoin: 'BTC',
      quoteCoin: 'USDT',
      symbol: 'BTCUSDT',
      status: 'online',
      minOrderAmount: '5',
      pricePrecision: '1',
      quantityPrecision: '4',
    };
    const future = {
      ...base,
      category: 'USDT-FUTURES',
      type: 'perpetual',
      priceMultiplier: '0.5',
      quantityMultiplier: '0.0010',
      minOrderQty: '0.001',
      maxOrderQty: '',
      maxMarketOrderQty: '220',
    };
    expect(
      decodeInstruments(
        [future, { ...future, type: 'delivery' }, { ...future, category: 'USDC-FUTURES' }],
        'future',
      ),
    ).toMatchObject([
      {
        symbol: 'BTC/USDT:USDT',
        tickSize: '0.5',
        stepSize: '0.001',
        maxAmount: null,
        maxMarketAmount: '220',
        minNotional: '5' as Decimal,
      },
    ]);
    expect(
      decodeInstruments([{ ...base, category: 'SPOT', minOrderQty: '0', maxOrderQty: '0' }], 'spot'),
    ).toMatchObject([
      { symbol: 'BTC/USDT', tickSize: '0.1', stepSize: '0.0001', minAmount: '0.0001', maxAmount: null },
    ]);
  });
});
