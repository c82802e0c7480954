import { encode } from '@msgpack/msgpack';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { createNonces } from '#main/practice/hyperliquid/nonces';
import {
  addressOfKey,
  connectionId,
  recover,
  tradingDigest,
  userDigest,
} from '#main/practice/hyperliquid/signer';

const KEY = '0x822e9959e022b78423eb653a62ea0020cd283e71a2a8133a6ff2aeffaf373cff';
const ADDRESS = '0xe5ca49fb3bd9a581f0d1ef9cb5d7177da08bf901';
const VAULT = '0x1234567890123456789012345678901234567890';
const ORDER = {
  type: 'order',
  orders: [{ a: 0, b: true, p: '30000', s: '0.1', r: false, t: { limit: { tif: 'Gtc' } } }],
  grouping: 'na',
};
const plain = { action: ORDER, nonce: 1_234_567_890, vaultAddress: null, expiresAfter: null };
const both = { ...plain, vaultAddress: VAULT, expiresAfter: 1_234_567_890 };
const idOf = (envelope: Parameters<typeof connectionId>[0]): string =>
  `0x${bytesToHex(connectionId(envelope))}`;

// Vectors of a third-party test suite, re-computed; the wallet is used nowhere.
describe('Hyperliquid signatures by an independent reckoning', () => {
  it('M-279 packs an action byte for byte', () => {
    expect(bytesToHex(encode(ORDER))).toBe(
      '83a474797065a56f72646572a66f72646572739186a16100a162c3a170a53330303030a173a3302e31a172c2a17481a56c696d697481a3746966a3477463a867726f7570696e67a26e61',
    );
  });

  it.each([
    ['plain', plain, '0x25367e0dba84351148288c2233cd6130ed6cec5967ded0c0b7334f36f957cc90'],
    [
      'with a vault',
      { ...plain, vaultAddress: VAULT },
      '0x214e2ea3270981b6fd18174216691e69f56872663139d396b10ded319cb4bb1e',
    ],
    [
      'with an expiry',
      { ...plain, expiresAfter: 1_234_567_890 },
      '0xc30b002ba3775e4c31c43c1dfd3291dfc85c6ae06c6b9f393991de86cad5fac7',
    ],
    ['with both', both, '0x2d62412aa0fc57441b5189841d81554a6a9680bf07204e1454983a9ca44f0744'],
    [
      'a thirteen-digit nonce',
      { ...plain, nonce: 1_795_188_000_000 },
      '0x8c8685b5280f848efdb15d77f9be9f887c3f4ed86d59612c2201b06ecc7d4aac',
    ],
    [
      'a cancel',
      { ...plain, nonce: 1_795_188_000_000, action: { type: 'cancel', cancels: [{ a: 0, o: 77 }] } },
      '0xc65a3903db804bb377de5cc79b1777c7e59622b1b531bd4ee197d66b50f56ccf',
    ],
    [
      'a time of 64 bits',
      { ...plain, nonce: 1_795_188_000_000, action: { type: 'scheduleCancel', time: 1_795_188_142_178 } },
      '0xcca60b7bf365fb7197b9d91d5948f1513510133aec21a162fd88040e04a17458',
    ],
  ])('M-279 hashes an action %s', (_what, envelope, expected) => {
    expect(idOf(envelope)).toBe(expected);
  });

  it.each([
    [
      'a',
      plain,
      '0x61078d8ffa3cb591de045438a1ae2ed299b271891d1943a33901e7cfb3a31ed8',
      '0x0e91df4f9841641d3322dad8d932874b74d7e082cdb5b533f804964a6963aef9',
      28,
    ],
    // The same without its leading zero, as it is often sent.
    [
      'a',
      plain,
      '0x61078d8ffa3cb591de045438a1ae2ed299b271891d1943a33901e7cfb3a31ed8',
      '0xe91df4f9841641d3322dad8d932874b74d7e082cdb5b533f804964a6963aef9',
      28,
    ],
    [
      'b',
      plain,
      '0x6b0283a894d87b996ad0182b86251cc80d27d61ef307449a2ed249a508ded1f7',
      '0x6f884e79f4a0a10af62db831af6f8e03b3f11d899eb49b352f836746ee9226da',
      27,
    ],
    [
      'a',
      both,
      '0x78fcca006d7fdfaf1f66978ef7a60280246fc3e7a5b39a68a1656c3e42c58bf1',
      '0x61a09957de7f0886c2bdffb7a94e3a257bf240796883ea6ceaf4d0be37055cdd',
      27,
    ],
  ] as const)('M-279 finds the wallet behind a signature for chain %s', (source, envelope, r, s, v) => {
    expect(recover(tradingDigest(envelope, source), { r, s, v })).toBe(ADDRESS);
    const other = source === 'a' ? 'b' : 'a';
    expect(recover(tradingDigest(envelope, other), { r, s, v })).not.toBe(ADDRESS);
  });

  it('M-279 finds the wallet behind an approval that the account itself signed', () => {
    const action = {
      type: 'approveBuilderFee',
      hyperliquidChain: 'Mainnet',
      signatureChainId: '0x66eee',
      maxFeeRate: '0%',
      builder: '0x6530512a6c89c7cfcebc3ba7fcd9ada5f30827a6',
      nonce: 1_795_188_000_000,
    };
    const signature = {
      r: '0x7a01384179d3905f2f1896df1f7eac79ee354c60a6206a1bbc154124203f6006',
      s: '0x1992aef2ce8dca8e3913e053f0009b628c5074989f788bae0c60a8347ff5de5e',
      v: 27,
    };
    expect(recover(userDigest(action), signature)).toBe(ADDRESS);
    expect(recover(userDigest({ ...action, maxFeeRate: '0.1%' }), signature)).not.toBe(ADDRESS);
  });

  it('knows the address of a key, and a signature that is none', () => {
    expect(addressOfKey(KEY)).toBe(ADDRESS);
    expect(() => recover(tradingDigest(plain, 'a'), { r: '0x0', s: '0x0', v: 27 })).toThrow(
      'Unable to recover signer.',
    );
  });
});

describe('nonces of a signer', () => {
  const NOW = 1_795_188_000_000;
  const DAY = 86_400_000;
  it('are used once, near the clock, and above the smallest of the hundred kept', () => {
    const nonces = createNonces();
    for (let at = 0; at < 100; at++) nonces.take('a', NOW + at, NOW);
    expect(() => nonces.take('a', NOW + 7, NOW)).toThrow('duplicate nonce');
    expect(() => nonces.take('a', NOW - 1, NOW)).toThrow('below the smallest kept');
    nonces.take('b', NOW - 1, NOW);
    nonces.take('a', NOW + 100, NOW);
    expect(() => nonces.take('a', NOW, NOW)).toThrow('below the smallest kept');
    for (const far of [NOW - 2 * DAY, NOW + DAY]) expect(() => nonces.take('c', far, NOW)).toThrow('too far');
  });
});
