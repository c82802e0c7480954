import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPositions, differenceText } from '../engine/index';
import { openStore, readMigrations } from '../store/index';
import type { Command } from './command';

const USAGE = `Usage: npm run wavedesk -- doctor --profile DIR [--json]

Reads the journal of a profile from its first row to its last, checks the hash chain, rebuilds every table from it
and compares; then rebuilds every position from its stored fills and compares. Changes nothing. The desk must not be
running on that profile.`;

/** Exit 0 when the journal is whole and tables and positions agree with it, 1 when not. */
export const runDoctor: Command = async (argv, io) => {
  let values: { profile?: string | undefined; json?: boolean | undefined; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: argv,
      options: { profile: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    }));
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (values.help) {
    io.out(USAGE);
    return 0;
  }
  if (!values.profile) {
    io.err(`--profile is missing: name the folder of the profile to examine.\n\n${USAGE}`);
    return 2;
  }
  const file = join(resolve(values.profile), 'wavedesk.db');
  if (!io.seams.disk.exists(file)) {
    io.err(`There is no database at ${file}. Is this the right profile folder?`);
    return 1;
  }
  const store = openStore({
    file,
    seams: io.seams,
    migrations: readMigrations(io.seams.disk, resolve(import.meta.dirname, '../../resources/migrations')),
  });
  try {
    const tables = store.verify();
    const differences = checkPositions(store.positions({}), (positionId) => store.fills({ positionId })).map(
      differenceText,
    );
    const report = {
      ...tables,
      ok: tables.ok && differences.length === 0,
      problems: [...tables.problems, ...differences],
    };
    if (values.json) io.out(JSON.stringify(report));
    else {
      io.out(`${report.rows} journal rows, head ${report.headHash}`);
      for (const problem of report.problems) io.out(`- ${problem}`);
      io.out(
        report.ok
          ? 'The journal is whole, every table agrees with it, and every position is what its fills add up to.'
          : 'The profile needs help: see the lines above.',
      );
    }
    return report.ok ? 0 : 1;
  } finally {
    store.close();
  }
};
