import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderNames } from '#main/venues/core/order-names';
import { toCloid } from '#main/venues/hyperliquid/client-ids';
import { type AccountContext, decodeAccount, orderFills } from '#main/venues/hyperliquid/decode-account';
import { type AccountEvent, ProtocolError } from '#main/venues/index';
import { type ClientOrderId, unixMs } from '#shared/domain/basics';
import type { Instrument, Symbol } from '#shared/domain/instrument';

const USER = '0x00000000000000000000000000000000000000a1';
const BTC = 'BTC/USDC:USDC' as Symbol;
const NOW = unixMs(1_795_187_010_000);
const instrument = { symbol: BTC, market: 'future', wireSymbol: 'BTC', quote: 'USDC' } as Instrument;
const context = (over: Partial<AccountContext> = {}): AccountContext => ({
  names: new OrderNames(),
  collateral: 'perpetuals',
  now: () => NOW,
  instrument: (coin) => (coin === 'BTC' ? instrument : undefined),
  ...over,
});
const read = (frame: unknown, over?: Partial<AccountContext>): readonly AccountEvent[] | null => {
  const news = decodeAccount(typeof frame === 'string' ? frame : JSON.stringify(frame), context(over));
  return news === null ? null : news.kind === 'events' ? news.events : [];
};

const fill = {
  coin: 'BTC',
  px: '68010.0',
  sz: '0.01',
  side: 'A',
  time: 1_795_187_003_000,
  startPosition: '0.03',
  dir: 'Close Long',
  closedPnl: '6.2',
  hash: '0x0',
  oid: 481029459465,
  crossed: true,
  fee: '0.306045',
  tid: 17679709382320,
  feeToken: 'USDC',
  twapId: null,
};
const fills = (rows: readonly unknown[], more: object = {}) => ({
  channel: 'userFills',
  data: { user: USER, ...more, fills: rows },
});
const fillsIn = (frame: unknown) =>
  (read(frame) ?? []).flatMap((event) => (event.type === 'fill' ? [event.fill] : []));

describe('fills of the private stream', () => {
  it('M-285 tells the price and amount of the fill, its fee and who made it', () => {
    const cloid = toCloid('w7k2p-s34h1-e1');
    expect(fillsIn(fills([{ ...fill, cloid }]))).toEqual([
      {
        venue: 'hyperliquid_future',
        symbol: BTC,
        tradeId: '17679709382320-1795187003000-481029459465-s',
        venueOrderId: '481029459465',
        clientOrderId: 'w7k2p-s34h1-e1',
        side: 'sell',
        price: '68010',
        amount: '0.01',
        fee: { cost: '0.306045', currency: 'USDC' },
        maker: false,
        venueTime: 1_795_187_003_000,
        seenAt: NOW,
      },
    ]);
  });

  it('M-288 tells all fills of a batch, in the order of the positions they start from', () => {
    const second = { ...fill, tid: 2, startPosition: '0.02' };
    const third = { ...fill, tid: 3, startPosition: '0.01' };
    const told = fillsIn(fills([third, fill, second]));
    expect(told.map(({ tradeId }) => tradeId.split('-')[0])).toEqual(['17679709382320', '2', '3']);
  });

  it('puts any shuffled block back in order, and loses none', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(amounts, fc.integer(), (sizes, seed) => {
        let held = 0;
        const chain = sizes.map((size, at) => {
          const row = {
            ...fill,
            side: 'B',
            tid: at + 1,
            sz: `0.${size}`,
            startPosition: (held / 10).toFixed(1),
          };
          held += size;
          return row;
        });
        const shuffled = [...chain].sort(
          (a, b) => ((a.tid * 7919 + seed) % 13) - ((b.tid * 7919 + seed) % 13),
        );
        expect(orderFills(shuffled).map(({ tid }) => tid)).toEqual(chain.map(({ tid }) => tid));
      }),
    );
  });

  it('trap: the snapshot of old fills is no news, however often it comes', () => {
    expect(read(fills([fill], { isSnapshot: true }))).toBeNull();
  });

  it('trap: a fee in another token stays in that token', () => {
    expect(fillsIn(fills([{ ...fill, fee: '0.0004', feeToken: 'HYPE' }]))[0]!.fee).toEqual({
      cost: '0.0004',
      currency: 'HYPE',
    });
  });

  it('trap: a builder fee is part of the fee and not added again', () => {
    const told = fillsIn(fills([{ ...fill, fee: '0.019785', builderFee: '0.007914' }]));
    expect(told[0]!.fee).toEqual({ cost: '0.019785', currency: 'USDC' });
  });

  it('M-286 knows no fee where none is named, and keeps the sign of a rebate', () => {
    const { feeToken: _token, ...old } = fill;
    expect(fillsIn(fills([old]))[0]!.fee).toBeNull();
    expect(fillsIn(fills([{ ...fill, fee: '-0.01', crossed: false }]))[0]).toMatchObject({
      fee: { cost: '-0.01' },
      maker: true,
    });
  });

  it('tells both legs of a trade with oneself, and dust without a number, apart', () => {
    const rows = [
      fill,
      { ...fill, side: 'B', oid: 481029459466 },
      { ...fill, tid: 0, sz: '0.0001' },
      { ...fill, tid: 0, sz: '0.0002' },
    ];
    expect(new Set(fillsIn(fills(rows)).map(({ tradeId }) => tradeId)).size).toBe(4);
  });

  it('takes the side from the side, whatever the direction is called', () => {
    expect(fillsIn(fills([{ ...fill, dir: 'Liquidated Cross Long' }]))[0]!.side).toBe('sell');
  });

  it('leaves out coins that are not listed here', () => {
    expect(read(fills([{ ...fill, coin: '@107' }]))).toEqual([]);
  });
});

const order = {
  coin: 'BTC',
  side: 'B',
  limitPx: '67000.0',
  sz: '0.006',
  oid: 481029460001,
  timestamp: 1_795_187_004_000,
  origSz: '0.01',
};
const update = (status: string, over: object = {}) => ({
  channel: 'orderUpdates',
  data: [{ order: { ...order, ...over }, status, statusTimestamp: 1_795_187_004_120 }],
});
const stateOf = (frame: unknown) => {
  const event = read(frame)?.[0];
  if (event?.type !== 'order') throw new Error('no order');
  return { status: event.order.status, filled: event.order.filled, note: event.note };
};

describe('orders of the private stream', () => {
  it.each([
    ['open', '0.01', { status: 'open', filled: '0', note: null }],
    ['open', '0.006', { status: 'partially_filled', filled: '0.004', note: null }],
    ['triggered', '0.01', { status: 'open', filled: '0', note: null }],
    ['filled', '0.0', { status: 'filled', filled: '0.01', note: null }],
    ['canceled', '0.006', { status: 'cancelled', filled: '0.004', note: null }],
    ['marginCanceled', '0.01', { status: 'cancelled', filled: '0', note: 'margin canceled' }],
    ['scheduledCancel', '0.01', { status: 'cancelled', filled: '0', note: 'scheduled cancel' }],
    ['iocCancelRejected', '0.01', { status: 'rejected', filled: '0', note: 'ioc cancel rejected' }],
    ['rejected', '0.01', { status: 'rejected', filled: '0', note: null }],
  ])('%s with %s left', (status, sz, expected) => {
    expect(stateOf(update(status, { sz }))).toEqual(expected);
  });

  it('claims no fill for a cancelled order that says nothing is left', () => {
    expect(stateOf(update('canceled', { sz: '0.0' }))).toMatchObject({ filled: '0' });
  });

  it('gives an order its name again where the update has none', () => {
    const names = new OrderNames();
    names.set(BTC, '481029460001', 'w7k2p-s34h1-e1' as ClientOrderId);
    expect(read(update('open'), { names })![0]).toMatchObject({ order: { clientOrderId: 'w7k2p-s34h1-e1' } });
  });

  it('does not guess at a word of another kind', () => {
    expect(() => read(update('sleeping'))).toThrow(ProtocolError);
  });
});

const position = {
  coin: 'BTC',
  szi: '-0.02',
  leverage: { type: 'cross', value: 10 },
  entryPx: '67390.0',
  positionValue: '1360.2',
  unrealizedPnl: '12.4',
  liquidationPx: null,
  marginUsed: '136.0',
};
const state = {
  marginSummary: {
    accountValue: '1012.4',
    totalNtlPos: '1360.2',
    totalRawUsd: '-347.8',
    totalMarginUsed: '136.0',
  },
  withdrawable: '876.4',
  assetPositions: [{ type: 'oneWay', position }],
  time: 1_795_187_003_100,
};
const stateFrame = (clearinghouseState: unknown) => ({
  channel: 'clearinghouseState',
  data: { dex: '', user: USER, clearinghouseState },
});

describe('state of the account', () => {
  it('M-287 tells balances without profit that is not realised, and signed positions', () => {
    expect(read(stateFrame(state))).toMatchObject([
      { type: 'balances', balances: [{ asset: 'USDC', free: '876.4', locked: '123.6' }] },
      {
        type: 'positions',
        positions: [{ symbol: BTC, amount: '-0.02', entryPrice: '67390', liquidationPrice: null }],
      },
    ]);
  });

  it('trap: a closed position is simply absent, and told as none', () => {
    const told = read(stateFrame({ ...state, assetPositions: [] }));
    expect(told![1]).toMatchObject({ type: 'positions', positions: [] });
  });

  it('reads the dollars of a unified account where they are', () => {
    const spot = {
      channel: 'spotState',
      data: {
        user: USER,
        spotState: { balances: [{ coin: 'USDC', token: 0, total: '894.08', hold: '140.43' }] },
      },
    };
    expect(read(spot)).toBeNull();
    expect(read(spot, { collateral: 'spot' })).toMatchObject([
      { balances: [{ asset: 'USDC', free: '753.65', locked: '140.43' }] },
    ]);
    expect(read(stateFrame(state), { collateral: 'spot' })!.map(({ type }) => type)).toEqual(['positions']);
  });
});

describe('private frames that are wrong', () => {
  const frame = JSON.stringify(fills([fill]));
  it.each([
    ['cut', frame.slice(0, 80)],
    ['two in one', frame + frame],
    ['an unknown channel', '{"channel":"webData3","data":{}}'],
    ['a refusal', '{"channel":"error","data":"Cannot track more than 10 total users."}'],
    ['a fill without an order', frame.replace('"oid":481029459465,', '')],
    ['a fill without an amount', frame.replace('"sz":"0.01",', '')],
    ['a state without a summary', JSON.stringify(stateFrame({ assetPositions: [] }))],
  ])('%s is a ProtocolError', (_what, text) => {
    expect(() => read(text)).toThrow(ProtocolError);
  });
});
