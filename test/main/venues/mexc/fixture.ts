import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../../fixtures/venues/mexc/', import.meta.url);
const linesOf = (name: string): string[] => readFileSync(new URL(name, FOLDER), 'utf8').trimEnd().split('\n');

/** Documented frames of a market: text as it is, hex as bytes. */
export const framesOf = (market: 'spot' | 'future'): (string | Uint8Array)[] =>
  linesOf(`${market}.frames.jsonl`).map((line) =>
    /^[0-9a-f]+$/.test(line) ? Buffer.from(line, 'hex') : line,
  );

/** What they say, all facts in order. */
export const factsOf = (market: 'spot' | 'future'): unknown[] =>
  linesOf(`${market}.facts.jsonl`).map((line) => JSON.parse(line) as unknown);
