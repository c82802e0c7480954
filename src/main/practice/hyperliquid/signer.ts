import { encode } from '@msgpack/msgpack';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ActionRefusal } from './refusal';

/** What came to /exchange, as far as the signature covers it. */
export interface Envelope {
  /** Key order as received: the hash depends on it. */
  readonly action: Readonly<Record<string, unknown>>;
  readonly nonce: number;
  readonly signature: { readonly r: string; readonly s: string; readonly v: number };
  readonly vaultAddress: string | null;
  readonly expiresAfter: number | null;
}

const ZERO_ADDRESS = new Uint8Array(32);
const hashText = (text: string): Uint8Array => keccak_256(utf8ToBytes(text));
const uint256 = (value: number | bigint): Uint8Array =>
  hexToBytes(BigInt(value).toString(16).padStart(64, '0'));
const uint64 = (value: number): Uint8Array => hexToBytes(BigInt(value).toString(16).padStart(16, '0'));

const DOMAIN = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const domain = (name: string, chainId: number): Uint8Array =>
  keccak_256(concatBytes(hashText(DOMAIN), hashText(name), hashText('1'), uint256(chainId), ZERO_ADDRESS));

/** Hash of a trading action with all that goes beside it; signed as a "phantom agent". */
export function connectionId(envelope: Omit<Envelope, 'signature'>): Uint8Array {
  const { action, nonce, vaultAddress, expiresAfter } = envelope;
  const vault =
    vaultAddress === null
      ? Uint8Array.of(0)
      : concatBytes(Uint8Array.of(1), hexToBytes(vaultAddress.replace(/^0x/, '')));
  const expiry =
    expiresAfter === null ? new Uint8Array() : concatBytes(Uint8Array.of(0), uint64(expiresAfter));
  return keccak_256(concatBytes(encode(action), uint64(nonce), vault, expiry));
}

/** EIP-712 digest of an action that trades; `source` is "a" on the mainnet. */
export function tradingDigest(envelope: Omit<Envelope, 'signature'>, source: 'a' | 'b'): Uint8Array {
  const agent = hashText('Agent(string source,bytes32 connectionId)');
  const struct = keccak_256(concatBytes(agent, hashText(source), connectionId(envelope)));
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), domain('Exchange', 1337), struct));
}

/** Actions the account itself must sign, with the fields of their typed data. */
const USER_SIGNED: Readonly<Record<string, readonly (readonly [type: string, name: string])[]>> = {
  approveBuilderFee: [
    ['string', 'hyperliquidChain'],
    ['string', 'maxFeeRate'],
    ['address', 'builder'],
    ['uint64', 'nonce'],
  ],
};
export const isUserSigned = (type: string): boolean => type in USER_SIGNED;

/** EIP-712 digest of an action the account itself must sign. */
export function userDigest(action: Readonly<Record<string, unknown>>): Uint8Array {
  const type = String(action.type);
  const fields = USER_SIGNED[type]!;
  const name = `${type[0]!.toUpperCase()}${type.slice(1)}`;
  const spelled = fields.map((field) => field.join(' ')).join(',');
  const values = fields.map(([kind, field]) => encodeField(kind, action[field]));
  const struct = keccak_256(concatBytes(hashText(`HyperliquidTransaction:${name}(${spelled})`), ...values));
  const chainId = Number(action.signatureChainId);
  return keccak_256(
    concatBytes(Uint8Array.of(0x19, 0x01), domain('HyperliquidSignTransaction', chainId), struct),
  );
}

function encodeField(kind: string, value: unknown): Uint8Array {
  if (kind === 'string') return hashText(String(value));
  if (kind === 'address') return hexToBytes(String(value).toLowerCase().replace(/^0x/, '').padStart(64, '0'));
  return uint256(BigInt(Number(value)));
}

/** The address whose key made the signature. @throws ActionRefusal for a signature that is none */
export function recover(digest: Uint8Array, { r, s, v }: Envelope['signature']): string {
  try {
    // Often sent without leading zeros.
    const part = (hex: string): Uint8Array => hexToBytes(hex.replace(/^0x/, '').padStart(64, '0'));
    const bytes = concatBytes(Uint8Array.of(v - 27), part(r), part(s));
    const compressed = secp256k1.recoverPublicKey(bytes, digest, { prehash: false });
    return addressOf(secp256k1.Point.fromBytes(compressed).toBytes(false));
  } catch {
    throw new ActionRefusal('Unable to recover signer.');
  }
}

const addressOf = (publicKey: Uint8Array): string =>
  `0x${bytesToHex(keccak_256(publicKey.slice(1)).slice(-20))}`;

/** The address of a private key in hex. */
export const addressOfKey = (privateKey: string): string =>
  addressOf(secp256k1.getPublicKey(hexToBytes(privateKey.replace(/^0x/, '')), false));
