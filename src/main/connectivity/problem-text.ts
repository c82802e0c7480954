const LONGEST = 300;
const EXCERPT = 100;

/**
 * Makes a text fit to be shown and stored: addresses lose all but their host (a listen key or a token may stand
 * in the rest), and long runs that look like a key are left out.
 */
export const presentable = (text: string): string =>
  text
    .replace(/\b(wss?|https?):\/\/(?:[^\s/@]*@)?([^\s/?#]+)\S*/g, '$1://$2')
    .replace(/[A-Za-z0-9_+=-]{32,}/g, '…')
    .slice(0, LONGEST);

/** At most 100 characters of a frame, for counting it as bad. */
export const excerpt = (frame: string | Uint8Array): string =>
  typeof frame === 'string'
    ? presentable(frame.slice(0, EXCERPT))
    : `${frame.byteLength} bytes: ${Buffer.from(frame.subarray(0, 16)).toString('hex')}`;

export const messageOf = (error: unknown): string =>
  presentable(error instanceof Error ? error.message : String(error));

const CODES: Readonly<Record<number, string>> = {
  1000: 'the other side closed the connection',
  1001: 'the other side is shutting down',
  1002: 'the other side saw a protocol error',
  1006: 'the connection broke off',
  1008: 'the other side refused us by its rules',
  1011: 'the other side failed',
  1012: 'the other side restarts',
  1013: 'the other side is overloaded',
};

export const closeText = (code: number, reason: string): string =>
  presentable(
    `${CODES[code] ?? `the connection ended with code ${code}`}${reason === '' ? '' : `: ${reason}`}`,
  );
