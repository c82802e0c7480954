import { createHmac } from 'node:crypto';
import type { RecordedFrame } from './recording';

/** Replaced in every recording, asked for or not: whoever reads one must not be able to act for the account. */
const CREDENTIALS = new Set([
  'apikey',
  'api_key',
  'key',
  'accesskey',
  'secret',
  'sign',
  'signature',
  'passphrase',
  'password',
  'listenkey',
  'token',
]);
const SIGN_IN = new Set(['auth', 'login']);
const GONE = 'scrubbed';

/** Words of the protocol: whatever they hold, a reader needs it to know what kind of frame it has. */
const STRUCTURE = new Set(
  'e,x,X,S,o,ot,f,s,symbol,currency_pair,contract,coin,asset,a,m,st,ps,topic,channel,event,op,method,type,status,state,side,category,instType,instId,interval,d'.split(
    ',',
  ),
);

export interface Scrubber {
  /** The frame without credentials, and where account data is to go, without that; null when only leaving it out helps. */
  scrub(frame: RecordedFrame): RecordedFrame | null;
}

/**
 * Takes credentials out of frames, and on request what tells of the account: ids, amounts and prices on private links
 * become others of the same shape, equal ones equal others. Times stay. The secret makes the replacement one way.
 */
export function createScrubber(secret: Uint8Array, { account }: { readonly account: boolean }): Scrubber {
  /** Digits for digits and letters for letters, so that a decoder still reads it; zeros and marks stay. */
  const disguise = (text: string): string => {
    const noise = createHmac('sha256', secret).update(text).digest();
    let at = 0;
    const next = (span: number): number => noise[at++ % noise.length]! % span;
    return text.replace(/[1-9a-zA-Z]/g, (letter) => {
      if (letter <= '9') return String(1 + next(9));
      const base = letter <= 'Z' ? 65 : 97;
      return String.fromCharCode(base + next(26));
    });
  };
  const number = (value: number, at: number): number => {
    const isCode = Number.isInteger(value) && Math.abs(value) < 100;
    if (isCode || isTime(value, at)) return value;
    const told = Number(disguise(String(value)));
    return Number.isFinite(told) ? told : 0;
  };
  const text = (name: string, value: string, at: number): string => {
    if (/^-?\d+(\.\d+)?$/.test(value)) return isTime(Number(value), at) ? value : disguise(value);
    if (STRUCTURE.has(name)) return value;
    // Words and pairs have no digits or are short; ids, addresses and names of orders have both.
    return value.length >= 6 && /\d/.test(value) ? disguise(value) : value;
  };
  const walk = (name: string, value: unknown, mine: boolean, at: number): unknown => {
    if (CREDENTIALS.has(name.toLowerCase()) && (typeof value === 'string' || typeof value === 'number'))
      return GONE;
    if (Array.isArray(value)) return value.map((each) => walk(name, each, mine, at));
    if (typeof value === 'object' && value !== null) {
      const fields = value as Record<string, unknown>;
      const signsIn = SIGN_IN.has(String(fields.op ?? fields.method ?? fields.event ?? ''));
      return Object.fromEntries(
        Object.entries(fields).map(([key, inner]) => [
          key,
          signsIn && (key === 'args' || key === 'params' || key === 'payload')
            ? blank(inner)
            : walk(key, inner, mine, at),
        ]),
      );
    }
    if (!mine) return value;
    if (typeof value === 'number') return number(value, at);
    return typeof value === 'string' ? text(name, value, at) : value;
  };

  return {
    scrub(recorded) {
      const { frame, link, direction } = recorded;
      const mine = account && link.endsWith(' private');
      // Public news holds nothing of ours: it stays as it came, to the byte.
      if (!mine && direction === 'in' && !link.endsWith(' private')) return recorded;
      if (typeof frame !== 'string') return mine ? null : recorded;
      let data: unknown;
      try {
        data = JSON.parse(frame.replace(/([:[,]\s*)(-?\d{16,})(?=\s*[,}\]])/g, '$1"$2"'));
      } catch {
        // Only words like "ping" are known to be harmless.
        return /^[a-z]{1,16}$/i.test(frame) ? recorded : null;
      }
      const clean = JSON.stringify(walk('', data, mine, recorded.at));
      return { ...recorded, frame: mine || clean !== JSON.stringify(data) ? clean : frame };
    },
  };
}

const YEAR_MS = 366 * 86_400_000;
/** Ms or s within a year of the moment the frame was recorded: no id or amount lies there but by rare chance. */
const isTime = (value: number, at: number): boolean =>
  Number.isInteger(value) && (Math.abs(value - at) < YEAR_MS || Math.abs(value * 1_000 - at) < YEAR_MS);

const blank = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(blank);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, blank(inner)]));
  return typeof value === 'string' || typeof value === 'number' ? GONE : value;
};
