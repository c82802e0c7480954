import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Signer, signature } from '#main/venues/mexc/auth';
import { LIVE_ENDPOINTS } from '#main/venues/mexc/endpoints';

const API_KEY = 'mx0aBYs33eIilxBWC5';
const SECRET = '45d0b3c26f2644f19bfb98b07741b2f5';
const NOW = 1_644_489_390_087;
const signer = () =>
  new Signer(
    () => ({ apiKey: API_KEY, secret: SECRET }),
    LIVE_ENDPOINTS,
    () => NOW,
  );

describe('signatures of MEXC, against fixed vectors', () => {
  it.each([
    [
      'all in the query',
      'symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=11&recvWindow=5000&timestamp=1644489390087',
      'fd3e4e8543c5188531eb7279d68ae7d26a573d0fc5ab0d18eb692451654d837a',
    ],
    [
      'query and body without anything between',
      'symbol=BTCUSDT&side=BUY&type=LIMITquantity=1&price=11&recvWindow=5000&timestamp=1644489390087',
      'd1a676610ceb39174c8039b3f548357994b2a34139a8addd33baadba65684592',
    ],
    [
      'futures GET',
      `${API_KEY}${NOW}page_size=100&symbol=BTC_USDT`,
      'cb3ec5fe7c789e4bf6b996ceb29e6114c9dfa2daa1e868bd09dab157c7fd790f',
    ],
  ])('M-275 M-279 %s', (_, payload, expected) => {
    expect(signature(SECRET, payload)).toBe(expected);
    expect(signature(`${SECRET}x`, payload)).not.toBe(expected);
  });

  it('M-275 M-279 signs a spot call over exactly the query that leaves', async () => {
    const request = await signer().rest('spot', 'POST', 'order', { symbol: 'BTCUSDT', side: 'BUY' });
    const [query, given] = request.url.split('?')[1]!.split('&signature=');
    expect(given).toBe(signature(SECRET, query!));
    expect(new URLSearchParams(query)).toEqual(
      new URLSearchParams({ symbol: 'BTCUSDT', side: 'BUY', timestamp: String(NOW), recvWindow: '5000' }),
    );
    expect(request.url).toMatch(/^https:\/\/api\.mexc\.com\/api\/v3\/order\?/);
    expect(request.headers['X-MEXC-APIKEY']).toBe(API_KEY);
  });
  it('M-275 M-279 signs a futures question over its sorted parameters', async () => {
    const params = { symbol: 'BTC_USDT', page_size: 100 };
    const request = await signer().rest('contract', 'GET', 'order/list/open_orders', params);
    expect(request.headers).toMatchObject({
      ApiKey: API_KEY,
      'Request-Time': String(NOW),
      Signature: 'cb3ec5fe7c789e4bf6b996ceb29e6114c9dfa2daa1e868bd09dab157c7fd790f',
      'Recv-Window': '10',
    });
    expect(request.url).toBe(
      'https://api.mexc.com/api/v1/private/order/list/open_orders?page_size=100&symbol=BTC_USDT',
    );
  });
  it('M-275 M-279 signs a futures body as it leaves, in the order of its fields', async () => {
    const body = { symbol: 'BTC_USDT', vol: 1, type: 1, openType: 2, price: 50_000, side: 1 };
    const request = await signer().rest('contract', 'POST', 'order/create', body);
    expect(request.body).toBe(JSON.stringify(body));
    expect(request.headers.Signature).toBe(
      '26222dca41daa625f16b710276b1f8f670b5d14692ee0673642bbe72f06a648b',
    );
  });
  it('signs a body that is a list as a list', async () => {
    const request = await signer().rest('contract', 'POST', 'order/cancel', ['739113577038255616']);
    expect(request.body).toBe('["739113577038255616"]');
    expect(request.headers.Signature).toBe(signature(SECRET, `${API_KEY}${NOW}${request.body}`));
  });
  it('M-275 M-279 signs a futures socket in', async () => {
    expect(JSON.parse(await signer().login())).toEqual({
      method: 'login',
      subscribe: true,
      param: {
        apiKey: API_KEY,
        reqTime: String(NOW),
        signature: '8c0d829f0a56a0c771c2e0623e07a8f20d55a32b83a7eeb3b9c1c75d20c153b6',
      },
    });
  });
  it('trap: no broker name of ccxt travels with our orders', async () => {
    for (const family of ['spot', 'contract'] as const) {
      const request = await signer().rest(family, 'POST', family === 'spot' ? 'order' : 'order/create', {});
      expect(JSON.stringify(request).toLowerCase()).not.toContain('ccxt');
      expect(request.headers).not.toHaveProperty('source');
    }
  });
  it('shows the key to nobody', () => {
    const shown = `${inspect(signer(), { depth: 9 })}${JSON.stringify(signer())}${String(signer())}`;
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(API_KEY);
  });
});
