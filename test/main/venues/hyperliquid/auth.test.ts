import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { recover, tradingDigest } from '#main/practice/hyperliquid/signer';
import { NoCredentials } from '#main/venues/core/credentials';
import { type Action, Signer } from '#main/venues/hyperliquid/auth';
import { LIVE_ENDPOINTS, TESTNET_ENDPOINTS } from '#main/venues/hyperliquid/endpoints';

/** A fixed fake wallet, used nowhere. */
const SECRET = '0x822e9959e022b78423eb653a62ea0020cd283e71a2a8133a6ff2aeffaf373cff';
const ADDRESS = '0xe5ca49fb3bd9a581f0d1ef9cb5d7177da08bf901';
const NOW = 1_795_188_000_000;
const ORDER: Action = {
  type: 'order',
  orders: [{ a: 0, b: true, p: '30000', s: '0.1', r: false, t: { limit: { tif: 'Gtc' } } }],
  grouping: 'na',
};
const signer = (over: { apiKey?: string; secret?: string } = {}, endpoints = LIVE_ENDPOINTS) =>
  new Signer(() => ({ apiKey: ADDRESS, secret: SECRET, ...over }), endpoints);
const signerOf = (
  signed: Awaited<ReturnType<Signer['sign']>>,
  source: 'a' | 'b' = 'a',
  over: object = {},
): string => {
  const { action, nonce, signature, expiresAfter = null } = signed;
  const envelope = { action, nonce, vaultAddress: null, expiresAfter, ...over };
  return recover(tradingDigest(envelope, source), signature);
};

describe('signing Hyperliquid actions', () => {
  it('M-279 signs an order so that an independent reckoning finds the wallet', async () => {
    const signed = await signer().sign(ORDER, NOW, null);
    expect(signed).toMatchObject({ action: ORDER, nonce: NOW });
    expect(signed).not.toHaveProperty('expiresAfter');
    expect(signerOf(signed)).toBe(ADDRESS);
  });

  it('M-279 covers every part of the request by the signature', async () => {
    const signed = await signer().sign(ORDER, NOW, 5_000);
    expect(signed.expiresAfter).toBe(NOW + 5_000);
    expect(signerOf(signed)).toBe(ADDRESS);
    for (const other of [{ nonce: NOW + 1 }, { expiresAfter: null }, { expiresAfter: NOW + 5_001 }])
      expect(signerOf(signed, 'a', other)).not.toBe(ADDRESS);
    expect(signerOf(signed, 'a', { action: { ...ORDER, grouping: 'normalTpsl' } })).not.toBe(ADDRESS);
  });

  it('M-279 signs for the chain of its host alone', async () => {
    const signed = await signer({}, TESTNET_ENDPOINTS).sign(ORDER, NOW, null);
    expect(signerOf(signed, 'b')).toBe(ADDRESS);
    expect(signerOf(signed, 'a')).not.toBe(ADDRESS);
  });

  it('never uses a nonce twice, however fast it signs or how the clock jumps', async () => {
    const one = signer();
    const nonces: number[] = [];
    for (const now of [NOW, NOW, NOW - 60_000, NOW + 5])
      nonces.push((await one.sign(ORDER, now, null)).nonce);
    expect(nonces).toEqual([NOW, NOW + 1, NOW + 2, NOW + 5]);
  });

  it('takes a private key with or without 0x, and says in words what is none', async () => {
    for (const secret of [SECRET, SECRET.slice(2), ` ${SECRET} `])
      expect(signerOf(await signer({ secret }).sign(ORDER, NOW, null))).toBe(ADDRESS);
    const refused = signer({ secret: `${SECRET.slice(0, -1)}x` }).sign(ORDER, NOW, null);
    await expect(refused).rejects.toThrow('must be 64 hex digits');
    await expect(refused).rejects.not.toThrow(SECRET.slice(2, 20));
  });

  it('M-278 reads with the address alone, in small letters', async () => {
    const typed = signer({ apiKey: ADDRESS.toUpperCase().replace('0X', '0x'), secret: '' });
    expect(await typed.address()).toBe(ADDRESS);
    await expect(signer({ apiKey: 'my-api-key' }).address()).rejects.toThrow('0x and 40 hex digits');
  });

  it('has nothing to sign with while the vault is locked', async () => {
    const locked = new Signer(() => null, LIVE_ENDPOINTS);
    await expect(locked.sign(ORDER, NOW, null)).rejects.toBeInstanceOf(NoCredentials);
    await expect(locked.address()).rejects.toBeInstanceOf(NoCredentials);
  });

  it('shows no part of the key when printed', async () => {
    const one = signer();
    await one.sign(ORDER, NOW, null);
    for (const text of [JSON.stringify(one), String(one), inspect(one, { depth: 10, showHidden: true })])
      expect(text.toLowerCase()).not.toContain(SECRET.slice(2, 20));
  });
});
