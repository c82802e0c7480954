import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/end-to-end',
  timeout: 180_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  reporter: [['list'], ['json']],
  use: { trace: 'off' },
  // The same specs on both hosts: the headless one, and Electron's (its binary where there is one, else the stand-in).
  projects: [
    // A browser's tab closes as the browser wants; what asks there first is seen in waves.spec.ts.
    { name: 'headless', metadata: { host: 'headless' }, testIgnore: 'closing.spec.ts' },
    {
      name: 'electron',
      metadata: { host: 'electron' },
      testMatch: ['first-light.spec.ts', 'restart.spec.ts', 'closing.spec.ts'],
    },
  ],
});
