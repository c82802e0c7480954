import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Signer, wsApiPayload } from '#main/venues/binance/auth';
import { loopbackEndpoints } from '#main/venues/binance/endpoints';
import { NoCredentials } from '#main/venues/core/credentials';
import { signature } from '#main/venues/core/signature';
import { API_KEY, SECRET, START } from './world';

const endpoints = loopbackEndpoints('http://127.0.0.1:1');
const signer = (secret = SECRET) =>
  new Signer(
    () => ({ apiKey: API_KEY, secret }),
    endpoints,
    () => START,
  );

describe('signatures', () => {
  it("matches the vector of Binance's documentation", () => {
    const secret = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j';
    const payload =
      'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559';
    expect(signature(secret, payload)).toBe(
      'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71',
    );
  });
  it('signs the websocket API over all parameters sorted by name', async () => {
    const params = { timestamp: 1700000000000, apiKey: 'practice-key', recvWindow: 5000 };
    expect(signature('practice-secret', wsApiPayload(params))).toBe(
      '3c19304037a790571ea15b8a67e1e0d151cd52838b0058d3736e0b5f4411df74',
    );
    const { signature: given, ...signed } = await signer().wsApi({});
    expect(signed).toEqual({ apiKey: API_KEY, recvWindow: 5_000, timestamp: START });
    expect(given).toBe(signature(SECRET, wsApiPayload(signed)));
  });
  it('signs a REST query exactly as it is sent, with our clock and window', async () => {
    const request = await signer().rest('private', 'GET', 'order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'a_b-1',
    });
    const query = request.url.split('?')[1]!;
    const [payload, given] = query.split('&signature=');
    expect(createHmac('sha256', SECRET).update(payload!).digest('hex')).toBe(given);
    expect(Object.fromEntries(new URLSearchParams(payload))).toEqual({
      symbol: 'BTCUSDT',
      origClientOrderId: 'a_b-1',
      recvWindow: '5000',
      timestamp: String(START),
    });
    expect(request.headers['X-MBX-APIKEY']).toBe(API_KEY);
  });
  it('puts an order into the body and adds nothing of its own', async () => {
    const params = { symbol: 'BTCUSDT', newClientOrderId: 'wd-1' };
    const request = await signer().rest('fapiPrivate', 'POST', 'order', params);
    expect(request.url).toBe('http://127.0.0.1:1/fapi/v1/order');
    const names = [...new URLSearchParams(request.body).keys()].sort();
    expect(names).toEqual(['newClientOrderId', 'recvWindow', 'signature', 'symbol', 'timestamp']);
  });
  it('lets no broker or affiliate id of ccxt into an order', async () => {
    const request = await signer().rest('private', 'POST', 'order', {
      symbol: 'BTCUSDT',
      newClientOrderId: 'wd-1',
    });
    expect(request.body).not.toMatch(/x-/);
  });
  it('signs with Ed25519 and RSA keys as well', () => {
    for (const { privateKey, publicKey } of [
      generateKeyPairSync('ed25519'),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ]) {
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const signed = Buffer.from(signature(pem, 'a=1'), 'base64');
      const digest = privateKey.asymmetricKeyType === 'rsa' ? 'sha256' : null;
      expect(verify(digest, Buffer.from('a=1'), publicKey, signed)).toBe(true);
    }
  });
});

describe('the key', () => {
  it('is shown by no way of printing a signer, before and after use', async () => {
    const one = signer();
    await one.rest('private', 'GET', 'account', {});
    const seen = [JSON.stringify({ one }), String(one), inspect(one, { depth: 9, showHidden: true })].join();
    expect(seen).toContain('[secret]');
    expect(seen).not.toContain(SECRET);
    expect(seen).not.toContain(API_KEY);
  });
  it('is read anew for each signature, so that a removed key signs nothing', async () => {
    let stored: { apiKey: string; secret: string } | null = { apiKey: 'a', secret: 'b' };
    const one = new Signer(
      () => stored,
      endpoints,
      () => START,
    );
    await one.rest('private', 'GET', 'account', {});
    stored = null;
    await expect(one.rest('private', 'GET', 'account', {})).rejects.toThrow(NoCredentials);
    await expect(one.wsApi({})).rejects.toThrow(NoCredentials);
  });
});
