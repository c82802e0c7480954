import { join, resolve } from 'node:path';
import { createDesk, parseDeskArguments, USAGE, UsageError } from '../desk/index';
import { createRealSeams } from '../seams/index';
import { serveDesk } from './server';

const ROOT = resolve(import.meta.dirname, '../..');
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Exit codes: 0 stopped as asked, 1 could not run, 2 wrong words on the command line. */
async function main(): Promise<number> {
  const args = parseDeskArguments(process.argv.slice(2), process.env);
  if (!args) {
    say(USAGE);
    return 0;
  }
  const stopped = new Promise<string>((done) => {
    process.on('SIGINT', () => done('Ctrl-C'));
    process.on('SIGTERM', () => done('a stop request'));
    // A parent that dies without a word (a closed terminal) must not leave a trading process behind.
    process.on('SIGHUP', () => done('a closed terminal'));
  });
  const seams = createRealSeams();
  const desk = await createDesk({
    ...args,
    seams,
    host: 'headless',
    resources: join(ROOT, 'resources'),
    say,
  });
  try {
    const server = await serveDesk({
      seams,
      api: desk.api,
      pageFolder: join(ROOT, 'out/renderer'),
      port: args.port,
    });
    say(`Wavedesk ready ${server.url}`);
    const why = await stopped;
    for (const line of desk.protection()) say(line);
    say(`Stopping because of ${why}: closing sockets, writing the journal.`);
    await server.close();
    await desk.close(why);
  } catch (error) {
    await desk.close('an error at start');
    throw error;
  }
  say('Stopped.');
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
