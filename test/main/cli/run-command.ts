import type { Command } from '#main/cli/command';
import { createSimulatedSeams, type Seams } from '#main/seams/index';

const T0 = Date.UTC(2026, 10, 21, 10, 7);

/** Runs a command as the terminal would: what it printed, what it complained of, its exit code. */
export async function runCommand(
  command: Command,
  argv: string[],
  {
    input = [],
    seams = createSimulatedSeams(1, T0),
  }: { input?: readonly (string | Uint8Array)[]; seams?: Seams } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await command(argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    seams,
    input: (async function* () {
      yield* input;
    })(),
    untilStopped: Promise.resolve(),
  });
  return { code, out, err };
}
