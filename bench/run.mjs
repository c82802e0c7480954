// Loads one bench through vite, so that it reads the TypeScript sources as the build does.
import { runnerImport } from 'vite';

await runnerImport(`./bench/${process.argv[2]}.bench.ts`, { root: process.cwd(), logLevel: 'error' });
