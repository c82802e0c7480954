// Loads one bench through vite, so that it reads the TypeScript sources as the build does.
import { runnerImport } from 'vite';

const name = process.argv[2];
await runnerImport(`./bench/${name}${name.includes('/') ? '' : '.bench'}.ts`, {
  root: process.cwd(),
  logLevel: 'error',
});
