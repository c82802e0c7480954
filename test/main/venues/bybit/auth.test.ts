import { describe, expect, it } from 'vitest';
import { RECV_WINDOW_MS, Signer, socketSignature } from '#main/venues/bybit/auth';
import { LIVE_ENDPOINTS, REFERENCE_ENDPOINTS, TESTNET_ENDPOINTS } from '#main/venues/bybit/endpoints';
import { NoCredentials } from '#main/venues/core/credentials';
import { VENUE_MODULES } from '#main/venues/index';

const AT = 1_700_000_000_000;
const KEY = { apiKey: 'practice-key', secret: 'practice-secret' };
const signer = (key: typeof KEY | null = KEY) =>
  new Signer(
    () => key,
    'https://api.bybit.com',
    () => AT,
  );

describe('signatures', () => {
  it('M-279 match the fixed vectors of a GET and of a POST, made by ccxt', async () => {
    const get = await signer().rest('GET', 'v5/order/realtime', { category: 'linear', symbol: 'BTCUSDT' });
    expect(get.url).toBe('https://api.bybit.com/v5/order/realtime?category=linear&symbol=BTCUSDT');
    expect(get.headers).toMatchObject({
      'X-BAPI-API-KEY': 'practice-key',
      'X-BAPI-TIMESTAMP': String(AT),
      'X-BAPI-RECV-WINDOW': String(RECV_WINDOW_MS),
      'X-BAPI-SIGN': '689486a3d0e43b0146135494afcf90fb3f54e2798da0654903a7f4baac2a07b1',
    });
    const post = await signer().rest('POST', 'v5/order/create', {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '0.01',
      price: '100',
    });
    expect(post.body).toBe(
      '{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.01","price":"100"}',
    );
    expect(post.headers['X-BAPI-SIGN']).toBe(
      '400ea193768e895d1803d02965f88d55c8a0d42a469d0016f4deeffef9d2a679',
    );
  });
  it('M-274 sign a socket in with key, expiry and the HMAC-SHA256 of "GET/realtime" and the expiry', async () => {
    const expected = '8f294968b7f950b9bdb4c67f383ee18e7bf53db66434dcedeed2ce4be53140aa';
    expect(socketSignature('practice-secret', AT + 10_000)).toBe(expected);
    expect(JSON.parse(await signer().socket('a-1'))).toEqual({
      req_id: 'a-1',
      op: 'auth',
      args: ['practice-key', AT + 10_000, expected],
    });
    expect(socketSignature('practice-secret', AT + 10_001)).not.toBe(expected);
    expect(socketSignature('another-secret', AT + 10_000)).not.toBe(expected);
  });
  it('trap: no order of ours carries the broker id that ccxt puts on every one', async () => {
    const { headers } = await signer().rest('POST', 'v5/order/create', { category: 'linear' });
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('referer');
    expect(JSON.stringify(headers)).not.toContain('CCXT');
  });
  it('need a key, and the signer shows it to nobody', async () => {
    await expect(signer(null).rest('GET', 'v5/account/info', {})).rejects.toBeInstanceOf(NoCredentials);
    await expect(signer(null).socket('x')).rejects.toBeInstanceOf(NoCredentials);
    expect(`${signer()} ${JSON.stringify(signer())}`).not.toContain('practice');
  });
});

describe('endpoints', () => {
  it('M-270 keep the account sockets of the first plan, for both markets, and they are still the ones in use', () => {
    for (const market of ['spot', 'future'] as const)
      expect(REFERENCE_ENDPOINTS[market]).toBe('wss://stream.bybit.com/v5/private');
    expect(LIVE_ENDPOINTS.spotPrivate).toBe(REFERENCE_ENDPOINTS.spot);
    expect(LIVE_ENDPOINTS.futurePrivate).toBe(REFERENCE_ENDPOINTS.future);
  });
  it('lead to other hosts on the testnet, all of them', () => {
    expect(VENUE_MODULES.bybit).toMatchObject({ live: LIVE_ENDPOINTS, testnet: TESTNET_ENDPOINTS });
    for (const [name, url] of Object.entries(TESTNET_ENDPOINTS)) {
      expect(url).toContain('-testnet.bybit.com');
      expect(url).not.toBe(LIVE_ENDPOINTS[name]);
    }
  });
});
