import { afterEach, describe, expect, it } from 'vitest';
import { createRealSeams } from '#main/seams/index';
import { createGeneric, type Venue } from '#main/venues/index';
import type { AccountEvent } from '#main/venues/venue';
import { type ClientOrderId, unixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import type { OrderRequest } from '#shared/domain/order';
import { type Asked, serveExchange, until } from './exchange';

const seams = createRealSeams();
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of undo.splice(0).reverse()) await close();
});
const credentials = () => ({
  apiKey: 'never-a-key',
  secret: Buffer.from('never-a-secret').toString('base64'),
  passphrase: 'x',
});

const KRAKEN_PAIRS = {
  error: [],
  result: {
    XXBTZUSD: {
      altname: 'XBTUSD',
      wsname: 'XBT/USD',
      aclass_base: 'currency',
      base: 'XXBT',
      quote: 'ZUSD',
      lot: 'unit',
      pair_decimals: 1,
      lot_decimals: 8,
      lot_multiplier: 1,
      leverage_buy: [],
      leverage_sell: [],
      fees: [[0, 0.26]],
      fees_maker: [[0, 0.16]],
      fee_volume_currency: 'ZUSD',
      ordermin: '0.0001',
      costmin: '0.5',
      tick_size: '0.1',
      status: 'online',
    },
  },
};
const KRAKEN_TRADES = (ids: readonly number[], type = 'update') => ({
  channel: 'trade',
  type,
  data: ids.map((id) => ({
    symbol: 'BTC/USD',
    side: 'sell',
    price: 65000.1,
    qty: 0.00123456,
    ord_type: 'market',
    trade_id: id,
    timestamp: '2026-03-03T11:19:42.708706Z',
  })),
});

async function kraken(answer: (asked: Asked) => { body: unknown; status?: number } | null = () => null) {
  const server = await serveExchange({
    answer: (asked) =>
      asked.path.includes('AssetPairs')
        ? { body: KRAKEN_PAIRS }
        : asked.path.includes('GetWebSocketsToken')
          ? { body: { error: [], result: { token: 'WW91ciBhdXRo', expires: 900 } } }
          : answer(asked),
    frame: (frame) => {
      const params = frame.params as { channel?: string } | undefined;
      return params?.channel === 'trade' ? [KRAKEN_TRADES([1, 2], 'snapshot')] : [];
    },
  });
  undo.push(server.close);
  const troubles: string[] = [];
  const venue = await createGeneric({
    seams,
    exchange: 'ccxt-kraken',
    market: 'spot',
    credentials,
    urls: {
      public: server.http,
      private: server.http,
      ws: {
        public: server.ws,
        private: server.ws,
        publicV2: `${server.ws}/v2`,
        privateV2: `${server.ws}/v2`,
      },
    },
    trouble: (what, error) => troubles.push(`${what}: ${String(error)}`),
  });
  undo.push(venue.close);
  return { server, venue, troubles };
}
const BTC_USD = 'BTC/USD' as Symbol;
const order = (over: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'pass_quote_BUY_1772536782136' as ClientOrderId,
  venue: 'ccxt-kraken_spot',
  symbol: BTC_USD,
  side: 'buy',
  type: 'limit',
  amount: '0.01' as never,
  price: '64000.1' as never,
  triggerPrice: null,
  timeInForce: 'post-only',
  reduceOnly: false,
  closePosition: false,
  ...over,
});
function listen(venue: Venue, channel: 'trades' | 'book', symbol: Symbol): MarketEvent[] {
  const heard: MarketEvent[] = [];
  undo.push(venue.data.subscribe({ kind: channel, symbol }, (event) => heard.push(event)));
  return heard;
}

describe('Kraken through the generic adapter', () => {
  it('lists instruments with exact steps', async () => {
    const { venue } = await kraken();
    expect(await venue.reference.instruments()).toEqual([
      expect.objectContaining({
        exchange: 'ccxt-kraken',
        market: 'spot',
        symbol: 'BTC/USD',
        base: 'BTC',
        quote: 'USD',
        active: true,
        tickSize: '0.1',
        stepSize: '0.00000001',
        minAmount: '0.0001',
      }),
    ]);
  });

  it('tells each trade once, though ccxt hands a snapshot on as new after a reconnection', async () => {
    const { venue, server, troubles } = await kraken();
    const heard = listen(venue, 'trades', BTC_USD);
    await until(() => heard.length >= 2, `two trades (${troubles.join()})`);
    server.push(KRAKEN_TRADES([2, 3]));
    server.push(KRAKEN_TRADES([4]));
    await until(() => heard.length >= 4, 'four trades');
    expect(heard.map((event) => event.type === 'trade' && event.tradeId)).toEqual(['1', '2', '3', '4']);
    expect(heard[0]).toMatchObject({
      venue: 'ccxt-kraken_spot',
      side: 'sell',
      price: '65000.1',
      amount: '0.00123456',
      venueTime: 1772536782708,
    });
  });

  it('places a limit order once, with our id, and knows it by its answer', async () => {
    const { venue, server } = await kraken((asked) =>
      asked.path.includes('AddOrder')
        ? {
            body: {
              error: [],
              result: { descr: { order: 'buy 0.01 XBTUSD @ limit 64000.1' }, txid: ['OUF4EM-FRGI2-MQMWZD'] },
            },
          }
        : null,
    );
    expect(await venue.trading!.place(order())).toEqual({
      kind: 'accepted',
      venueOrderId: 'OUF4EM-FRGI2-MQMWZD',
      status: 'open',
    });
    const sent = server.asked.filter(({ path }) => path.includes('AddOrder'));
    expect(sent).toHaveLength(1);
    const body = new URLSearchParams(sent[0]!.body);
    expect(body.get('volume')).toBe('0.01');
    expect(body.get('price')).toBe('64000.1');
    expect(body.get('oflags')).toBe('post');
  });

  it.each<[string, { body: unknown; status?: number } | null, string]>([
    ['says no to it', { body: { error: ['EOrder:Insufficient funds'] } }, 'rejected'],
    ['fails', { status: 502, body: 'Bad Gateway' }, 'unknown'],
    ['hangs up', null, 'unknown'],
    ['answers without naming an order', { body: { error: [], result: { descr: {}, txid: [] } } }, 'unknown'],
  ])('takes an order for %2$s when the exchange %s, and never sends it again', async (_, reply, kind) => {
    const { venue, server } = await kraken((asked) => (asked.path.includes('AddOrder') ? reply : null));
    expect((await venue.trading!.place(order())).kind).toBe(kind);
    expect(server.asked.filter(({ path }) => path.includes('AddOrder'))).toHaveLength(1);
  });

  it.each(['stop-market', 'take-profit-market', 'trailing-stop'] as const)(
    'sends no %s order: with some exchanges ccxt lets a conditional order leave as a plain one',
    async (type) => {
      const { venue, server } = await kraken();
      const outcome = await venue.trading!.place(
        order({ type, price: null, triggerPrice: '60000' as never }),
      );
      expect(outcome).toMatchObject({ kind: 'not-sent', message: expect.stringMatching(/generic adapter/) });
      expect(server.asked).toEqual([]);
    },
  );

  it('reads own trades by asking, fee and maker included', async () => {
    const { venue } = await kraken((asked) =>
      asked.path.includes('TradesHistory')
        ? {
            body: {
              error: [],
              result: {
                count: 1,
                trades: {
                  'THVRQM-33VKH-UCI7BS': {
                    ordertxid: 'OQCLML-BW3P3-BUCMWZ',
                    postxid: 'TKH2SE',
                    pair: 'XXBTZUSD',
                    time: 1772536782.123,
                    type: 'buy',
                    ordertype: 'limit',
                    price: '64000.10000',
                    cost: '640.00100',
                    fee: '1.02400',
                    vol: '0.01000000',
                    margin: '0',
                    misc: '',
                    maker: true,
                  },
                },
              },
            },
          }
        : null,
    );
    const fills = await venue.account!.fillsSince(BTC_USD, unixMs(1772536000000));
    expect(fills).toMatchObject([
      {
        venue: 'ccxt-kraken_spot',
        symbol: 'BTC/USD',
        tradeId: 'THVRQM-33VKH-UCI7BS',
        venueOrderId: 'OQCLML-BW3P3-BUCMWZ',
        side: 'buy',
        price: '64000.1',
        amount: '0.01',
        cost: '640.001',
        fee: { cost: '1.024', currency: 'USD' },
      },
    ]);
  });

  it('hears own trades on the private stream', async () => {
    const { venue, server, troubles } = await kraken();
    const heard: AccountEvent[] = [];
    undo.push(venue.account!.subscribe((event) => heard.push(event)));
    await until(
      () =>
        server.subscribed.some(
          ({ params }) => (params as { channel?: string } | undefined)?.channel === 'executions',
        ),
      `a subscription (${troubles.join()})`,
    );
    server.push({
      channel: 'executions',
      type: 'update',
      data: [
        {
          order_id: 'O6NTZC-K6FRH-ATWBCK',
          exec_id: 'T5DIUI-5N4KO-Z5BPXK',
          exec_type: 'trade',
          trade_id: 8253473,
          symbol: 'BTC/USD',
          side: 'sell',
          last_qty: 0.01,
          last_price: 64001.5,
          liquidity_ind: 't',
          cost: 640.015,
          order_status: 'filled',
          order_type: 'limit',
          timestamp: '2026-03-03T11:19:42.708706Z',
          fees: [{ asset: 'USD', qty: 1.66 }],
        },
      ],
      sequence: 10,
    });
    await until(() => heard.some(({ type }) => type === 'fill'), `a fill (${troubles.join()})`);
    expect(heard.find((event) => event.type === 'fill')).toMatchObject({
      fill: {
        tradeId: 'T5DIUI-5N4KO-Z5BPXK',
        venueOrderId: 'O6NTZC-K6FRH-ATWBCK',
        side: 'sell',
        amount: '0.01',
        price: '64001.5',
        fee: { cost: '1.66', currency: 'USD' },
      },
    });
  });
});

const OKX_SWAP = {
  instType: 'SWAP',
  instId: 'BTC-USDT-SWAP',
  instFamily: 'BTC-USDT',
  uly: 'BTC-USDT',
  baseCcy: '',
  quoteCcy: '',
  settleCcy: 'USDT',
  ctVal: '0.01',
  ctMult: '1',
  ctValCcy: 'BTC',
  ctType: 'linear',
  lotSz: '0.1',
  minSz: '0.1',
  tickSz: '0.1',
  maxMktSz: '30000',
  maxLmtSz: '100000000',
  lever: '100',
  state: 'live',
  listTime: '1611916828000',
  expTime: '',
  alias: '',
};
async function okx(answer: (asked: Asked) => { body: unknown; status?: number } | null = () => null) {
  const arg = { channel: 'trades', instId: 'BTC-USDT-SWAP' };
  const server = await serveExchange({
    answer: (asked) =>
      asked.path.includes('/public/instruments')
        ? { body: { code: '0', msg: '', data: asked.path.includes('SWAP') ? [OKX_SWAP] : [] } }
        : answer(asked),
    frame: (frame) => {
      const wanted = (frame.args as { channel: string }[] | undefined)?.[0];
      if (wanted?.channel?.startsWith('trades') === true)
        return [
          {
            arg: { ...arg, channel: wanted.channel },
            data: [
              {
                instId: 'BTC-USDT-SWAP',
                tradeId: '216970876',
                px: '65000.5',
                sz: '3',
                side: 'buy',
                ts: '1772536782136',
              },
            ],
          },
        ];
      if (wanted?.channel === 'books')
        return [
          {
            arg: wanted,
            action: 'snapshot',
            data: [
              {
                asks: [['65000.6', '20', '0', '1']],
                bids: [
                  ['65000.5', '5', '0', '1'],
                  ['64999', '1', '0', '1'],
                ],
                ts: '1772536782136',
                checksum: 0,
                seqId: 10,
                prevSeqId: -1,
              },
            ],
          },
        ];
      return [];
    },
  });
  undo.push(server.close);
  const troubles: string[] = [];
  const venue = await createGeneric({
    seams,
    exchange: 'ccxt-okx',
    market: 'future',
    credentials,
    urls: { rest: server.http, ws: `${server.ws}/ws/v5` },
    trouble: (what, error) => troubles.push(`${what}: ${String(error)}`),
  });
  undo.push(venue.close);
  return { server, venue, troubles };
}
const PERP = 'BTC/USDT:USDT' as Symbol;

describe('OKX through the generic adapter', () => {
  it('turns contracts into base units: trades, steps and books', async () => {
    const { venue, troubles } = await okx();
    expect(await venue.reference.instruments()).toMatchObject([
      { exchange: 'ccxt-okx', symbol: PERP, stepSize: '0.001', minAmount: '0.001', tickSize: '0.1' },
    ]);
    const heard = listen(venue, 'trades', PERP);
    await until(() => heard.length > 0, `a trade (${troubles.join()})`);
    expect(heard[0]).toMatchObject({
      type: 'trade',
      tradeId: '216970876',
      price: '65000.5',
      amount: '0.03',
      side: 'buy',
    });
    const book = listen(venue, 'book', PERP);
    await until(() => book.length > 0, `a book (${troubles.join()})`);
    expect(book[0]).toMatchObject({
      type: 'book-snapshot',
      bids: [
        ['65000.5', '0.05'],
        ['64999', '0.01'],
      ],
      asks: [['65000.6', '0.2']],
    });
  });

  it('sends whole contracts, nobody else’s tag, and refuses an amount that is none', async () => {
    const { venue, server } = await okx((asked) =>
      asked.path.includes('/trade/order') || asked.path.includes('batch-orders')
        ? {
            body: {
              code: '0',
              msg: '',
              data: [{ clOrdId: 'w1', ordId: '312269865356374016', tag: '', sCode: '0', sMsg: '' }],
            },
          }
        : null,
    );
    const wanted = order({
      clientOrderId: 'w1' as never,
      venue: 'ccxt-okx_future',
      symbol: PERP,
      type: 'market',
      price: null,
      timeInForce: null,
      amount: '0.025' as never,
    });
    expect(await venue.trading!.place(wanted)).toMatchObject({
      kind: 'accepted',
      venueOrderId: '312269865356374016',
    });
    const sent = server.asked.filter(({ method }) => method === 'POST');
    expect(sent).toHaveLength(1);
    const [body] = [JSON.parse(sent[0]!.body)].flat() as Record<string, string>[];
    expect(body).toMatchObject({ instId: 'BTC-USDT-SWAP', side: 'buy', sz: '2.5', clOrdId: 'w1' });
    expect(body?.tag ?? '').toBe('');
  });

  it('reads own trades of contracts, a rebate as a negative fee, and one without an id by what it says', async () => {
    const row = {
      instType: 'SWAP',
      instId: 'BTC-USDT-SWAP',
      ordId: '312269865356374016',
      clOrdId: 'w1',
      billId: '1',
      fillPx: '65000.5',
      fillSz: '2.5',
      side: 'buy',
      posSide: 'net',
      execType: 'M',
      feeCcy: 'USDT',
      fee: '0.05',
      ts: '1772536782136',
      fillTime: '1772536782136',
      tag: '',
    };
    const { venue } = await okx((asked) =>
      asked.path.includes('/trade/fills')
        ? {
            body: {
              code: '0',
              msg: '',
              data: [
                { ...row, tradeId: '123' },
                { ...row, tradeId: '' },
              ],
            },
          }
        : null,
    );
    const fills = await venue.account!.fillsSince(PERP, unixMs(1772536000000));
    expect(fills).toMatchObject([
      {
        tradeId: '123',
        amount: '0.025',
        price: '65000.5',
        fee: { cost: '-0.05', currency: 'USDT' },
        maker: true,
      },
      { tradeId: '~312269865356374016|buy|0.025|65000.5|1772536782136' },
    ]);
  });
});

describe('an exchange that ccxt does not know', () => {
  it.each(['ccxt-atlantis', 'ccxt-../x', 'ccxt-'] as const)('is refused in words: %s', async (exchange) => {
    await expect(createGeneric({ seams, exchange, market: 'spot' })).rejects.toThrow(
      /ccxt does not stream from an exchange/,
    );
  });
});
