import { describe, expect, it } from 'vitest';
import { createSimulatedSeams } from '#main/seams/index';
import { loginSignature, Signer } from '#main/venues/bitget/auth';
import {
  isDemo,
  LIVE_ENDPOINTS,
  privateUrl,
  publicUrl,
  REFERENCE_ENDPOINTS,
  TESTNET_ENDPOINTS,
} from '#main/venues/bitget/endpoints';
import { bitget } from '#main/venues/bitget/index';
import { Rest } from '#main/venues/bitget/rest';

const SECRET = 'sec';
const KEY = () => ({ apiKey: 'bg_k', secret: SECRET, passphrase: 'pp' });
const AT = 1_795_187_870_000;
const signer = (endpoints = LIVE_ENDPOINTS) => new Signer(KEY, endpoints, () => AT);

describe('signatures', () => {
  it('M-277 M-279 signs in with base64 of HMAC-SHA256 over seconds, "GET" and "/user/verify", with the passphrase', async () => {
    expect(loginSignature(SECRET, '1795187870')).toBe('lb7wOJwucmgDsHcGQhP7NT8y1iTFap2lF7X+2I285tY=');
    expect(JSON.parse(await signer().login())).toEqual({
      op: 'login',
      args: [
        {
          apiKey: 'bg_k',
          passphrase: 'pp',
          timestamp: '1795187870',
          sign: 'lb7wOJwucmgDsHcGQhP7NT8y1iTFap2lF7X+2I285tY=',
        },
      ],
    });
  });
  it('M-279 signs a question by REST, its query sorted', async () => {
    const params = { symbol: 'BTCUSDT', limit: '50', startTime: '1700000000000' };
    const request = await signer().rest('GET', 'v2/spot/trade/fills', params);
    expect(request.url).toBe(
      'https://api.bitget.com/api/v2/spot/trade/fills?limit=50&startTime=1700000000000&symbol=BTCUSDT',
    );
    expect(request.headers).toEqual({
      'ACCESS-KEY': 'bg_k',
      'ACCESS-SIGN': 'zw0cF9pqkG9iErYrDGCjNvJm6lmNBteATzspUKsxugM=',
      'ACCESS-TIMESTAMP': String(AT),
      'ACCESS-PASSPHRASE': 'pp',
    });
  });
  it('M-279 signs an order by REST over the exact text that is sent', async () => {
    const params = {
      symbol: 'BTCUSDT',
      orderType: 'limit',
      price: '100',
      force: 'GTC',
      side: 'buy',
      clientOid: 'my1',
      size: '0.1',
    };
    const request = await signer().rest('POST', 'v2/spot/trade/place-order', params);
    expect(request.body).toBe(JSON.stringify(params));
    expect(request.headers['ACCESS-SIGN']).toBe('An8i2Ff4Ow4McPw5dscsjXTFwiiIoEARbBtNOgJqaUk=');
  });
  it('another secret, another signature', () => {
    expect(loginSignature('sec2', '1795187870')).not.toBe(loginSignature(SECRET, '1795187870'));
  });
  it('trap: no broker is named in a request, as ccxt would do by itself', async () => {
    for (const method of ['GET', 'POST'] as const) {
      const { headers } = await signer().rest(method, 'v2/mix/order/detail', { symbol: 'BTCUSDT' });
      expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('x-channel-api-code');
    }
  });
  it('tells nobody its key', () => {
    expect(`${signer()} ${JSON.stringify({ signer: signer() })}`).not.toMatch(/sec"|bg_k|pp/);
  });
});

describe('endpoints', () => {
  it('M-270 keeps the two addresses of the seed, retired, by market', () => {
    expect(REFERENCE_ENDPOINTS.spot).toBe('wss://ws.bitget.com/spot/v1/stream');
    expect(REFERENCE_ENDPOINTS.future).toBe('wss://ws.bitget.com/mix/v1/stream');
  });
  it('ships their successors: no shipped address speaks v1', () => {
    const shipped = [publicUrl(LIVE_ENDPOINTS), privateUrl(LIVE_ENDPOINTS)];
    expect(shipped).toEqual(['wss://ws.bitget.com/v3/ws/public', 'wss://ws.bitget.com/v2/ws/private']);
    for (const old of Object.values(REFERENCE_ENDPOINTS)) expect(shipped).not.toContain(old);
    expect(bitget.live).toEqual(LIVE_ENDPOINTS);
  });
  it('demo trading has stream hosts of its own, and a header on the same REST host', async () => {
    expect([isDemo(LIVE_ENDPOINTS), isDemo(TESTNET_ENDPOINTS)]).toEqual([false, true]);
    const header = async (endpoints: typeof LIVE_ENDPOINTS) =>
      (await signer(endpoints).rest('GET', 'v2/spot/account/assets', {})).headers.paptrading;
    expect(await header(TESTNET_ENDPOINTS)).toBe('1');
    expect(await header(LIVE_ENDPOINTS)).toBeUndefined();
  });
  it('asks for the three parts of a key', () => {
    expect(bitget.keyParts).toEqual(['apiKey', 'secret', 'passphrase']);
  });
  it('does nothing until it is asked', () => {
    const seams = createSimulatedSeams(1, AT);
    expect(new Rest(seams, LIVE_ENDPOINTS, KEY).now()).toBe(AT);
  });
});
