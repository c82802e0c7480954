import { describe, expect, it } from 'vitest';
import { restPayload } from '#main/practice/gateio/auth';
import { hmac } from '#main/practice/wire-kit/signature';
import { channelSignature, Signer } from '#main/venues/gateio/auth';
import {
  LIVE_ENDPOINTS,
  REFERENCE_ENDPOINTS,
  streamOf,
  TESTNET_ENDPOINTS,
} from '#main/venues/gateio/endpoints';
import { gateio } from '#main/venues/gateio/index';

const AT = 1_541_993_715_000;
const signer = (secret = 'secret') =>
  new Signer(
    () => ({ apiKey: 'key', secret }),
    LIVE_ENDPOINTS,
    () => AT,
  );

// Keys, secrets and times are made up; the signatures were computed once, by another program.
const QUESTION =
  '55f84ea195d6fe57ce62464daaa7c3c02fa9d1dde954e4c898289c9a2407a3d6fb3faf24deff16790d726b66ac9f74526668b13bd01029199cc4fcc522418b8a';
const ORDER =
  'eae42da914a590ddf727473aff25fc87d50b64783941061f47a3fdb92742541fc4c2c14017581b4199a1418d54471c269c03a38d788d802e2c306c37636389f0';
const CHANNEL =
  '7c9b3c7deb4f57d9551a862399a4b759f5c7f1d74372a7bc8767213052f8139d997ea8eabaffcd4a55825541f2016221fb7a72897fcbde36f9a73b73a301f0c0';

describe('signatures', () => {
  it('M-276 M-279 proves a private channel by HMAC-SHA512 over channel, event and time', async () => {
    expect(channelSignature('secret', 'futures.orders', 'subscribe', 1_611_541_000)).toBe(CHANNEL);
    expect(await signer().channel('futures.orders', 'subscribe', 1_611_541_000)).toEqual({
      method: 'api_key',
      KEY: 'key',
      SIGN: CHANNEL,
    });
  });
  it.each([
    ['another secret', () => channelSignature('secret2', 'futures.orders', 'subscribe', 1_611_541_000)],
    ['another channel', () => channelSignature('secret', 'futures.balances', 'subscribe', 1_611_541_000)],
    ['another event', () => channelSignature('secret', 'futures.orders', 'unsubscribe', 1_611_541_000)],
    ['another second', () => channelSignature('secret', 'futures.orders', 'subscribe', 1_611_541_001)],
  ])('%s makes another signature', (_what, sign) => {
    expect(sign()).not.toBe(CHANNEL);
  });

  it('M-279 signs a question by REST over method, path, query, hash of nothing and seconds', async () => {
    const params = { contract: 'BTC_USD', status: 'finished', limit: '50' };
    const request = await signer().rest('futures', 'GET', 'orders', params);
    expect(request.url).toBe(
      'https://api.gateio.ws/api/v4/futures/orders?contract=BTC_USD&status=finished&limit=50',
    );
    expect(request.headers).toMatchObject({ KEY: 'key', Timestamp: '1541993715', SIGN: QUESTION });
  });
  it('M-279 signs an order by REST over the exact text that is sent', async () => {
    const params = { contract: 'BTC_USD', type: 'limit', size: 100, price: 6800, time_in_force: 'gtc' };
    const request = await signer().rest('futures', 'POST', 'orders', params);
    expect(request.body).toBe(JSON.stringify(params));
    expect(request.headers.SIGN).toBe(ORDER);
  });
  it('the practice exchange computes the same, by code of its own', () => {
    const sent = {
      method: 'GET',
      path: '/api/v4/futures/orders',
      query: 'contract=BTC_USD&status=finished&limit=50',
      body: '',
      time: '1541993715',
    };
    expect(hmac('sha512', 'secret', restPayload(sent))).toBe(QUESTION);
    const body = '{"contract":"BTC_USD","type":"limit","size":100,"price":6800,"time_in_force":"gtc"}';
    expect(hmac('sha512', 'secret', restPayload({ ...sent, method: 'POST', query: '', body }))).toBe(ORDER);
  });
  it('sends the parameters of leverage in the query of a POST, and signs them there', async () => {
    const params = { leverage: '0', cross_leverage_limit: '5' };
    const request = await signer().rest('futures', 'POST', 'usdt/positions/BTC_USDT/leverage', params);
    expect(request.url).toMatch(/leverage\?leverage=0&cross_leverage_limit=5$/);
  });
  it('tells nobody its key', () => {
    expect(`${signer('canary')} ${JSON.stringify({ signer: signer('canary') })}`).not.toMatch(/canary|"key"/);
  });
});

describe('endpoints', () => {
  it('M-270 keeps the two addresses of the seed by market', () => {
    expect(REFERENCE_ENDPOINTS).toEqual({
      spot: 'wss://api.gateio.ws/ws/v4/',
      future: 'wss://fx-ws.gateio.ws/v4/ws',
    });
  });
  it('M-270 ships the spot one as it is, and names the settlement for futures: without one it answers for BTC', () => {
    expect(streamOf(LIVE_ENDPOINTS, 'spot')).toBe(REFERENCE_ENDPOINTS.spot);
    expect(streamOf(LIVE_ENDPOINTS, 'future')).toBe(`${REFERENCE_ENDPOINTS.future}/usdt`);
    expect(gateio.live).toEqual(LIVE_ENDPOINTS);
  });
  it('has a testnet with hosts of its own', () => {
    for (const [name, url] of Object.entries(TESTNET_ENDPOINTS)) {
      expect(url).toMatch(/testnet/);
      expect(url).not.toBe(LIVE_ENDPOINTS[name]);
    }
  });
});
