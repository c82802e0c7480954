import { createRealSeams } from '../seams/index';
import type { Command } from './command';
import { runDecode } from './decode';
import { runDoctor } from './doctor';
import { runPractice } from './practice';
import { runRecord } from './record';
import { runReplayFrames } from './replay-frames';

/** One line of help and one file per command. */
const COMMANDS: Readonly<Record<string, { readonly help: string; readonly run: Command }>> = {
  practice: { help: 'run the practice exchange and its signal server alone, for any bot', run: runPractice },
  decode: { help: 'raw frames of an exchange in, normalised events out', run: runDecode },
  record: { help: 'raw frames of an exchange’s sockets into a compressed file', run: runRecord },
  'replay-frames': { help: 'a recording of raw frames back through the adapters', run: runReplayFrames },
  doctor: { help: 'prove that a profile’s journal is whole and agrees with its tables', run: runDoctor },
};

const USAGE = `Usage: npm run wavedesk -- <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { help }]) => `  ${name.padEnd(14)} ${help}`)
  .join('\n')}

Every command has --help and --json. Exit codes: 0 done, 1 failed, 2 wrong usage.`;

async function main(): Promise<number> {
  const [name, ...rest] = process.argv.slice(2);
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    process.stderr.write(`There is no command "${name}".\n\n${USAGE}\n`);
    return 2;
  }
  const untilStopped = new Promise<void>((done) => {
    process.on('SIGINT', () => done());
    process.on('SIGTERM', () => done());
  });
  return command.run(rest, {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    seams: createRealSeams(),
    input: process.stdin,
    untilStopped,
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
