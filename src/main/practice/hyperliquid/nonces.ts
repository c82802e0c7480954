import { ActionRefusal } from './refusal';

const KEPT = 100;
const DAY_MS = 86_400_000;

/** Nonces per signer: each once, above the smallest of the hundred highest, and near the server's clock. */
export function createNonces() {
  const used = new Map<string, number[]>();
  return {
    /** @throws ActionRefusal */
    take(signer: string, nonce: number, now: number): void {
      if (nonce <= now - 2 * DAY_MS || nonce >= now + DAY_MS)
        throw new ActionRefusal(`Invalid nonce: ${nonce} is too far from the server's time ${now}`);
      const mine = used.get(signer) ?? [];
      used.set(signer, mine);
      if (mine.includes(nonce)) throw new ActionRefusal(`Invalid nonce: duplicate nonce ${nonce}`);
      if (mine.length >= KEPT && nonce < mine[0]!)
        throw new ActionRefusal(`Invalid nonce: ${nonce} is below the smallest kept, ${mine[0]}`);
      mine.push(nonce);
      mine.sort((a, b) => a - b);
      if (mine.length > KEPT) mine.shift();
    },
  };
}
export type Nonces = ReturnType<typeof createNonces>;
