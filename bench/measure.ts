const ROUNDS = 5;

/** Microseconds a call, median of five rounds of `calls` each, after one round to warm up. */
export function perCall(calls: number, work: (index: number) => void): number {
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    for (let index = 0; index < calls; index++) work(index);
    if (round > 0) rounds.push(((performance.now() - start) * 1000) / calls);
  }
  return rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
}

/** One line: what, its time, and how many yardsticks that is. */
export function report(
  what: string,
  micros: number,
  yardstick: { readonly name: string; readonly micros: number },
): void {
  const ratio = micros / yardstick.micros;
  process.stdout.write(
    `${what.padEnd(52)} ${micros.toFixed(2).padStart(9)} µs   ${ratio.toFixed(2).padStart(7)} × ${yardstick.name}\n`,
  );
}

/** The time that 95 of 100 calls stay below. */
export const percentile95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] as number;
