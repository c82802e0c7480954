import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import { mergeConfig } from 'vite';
import renderer from './src/renderer/vite.config';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          headless: at('src/main/headless/index.ts'),
          cli: at('src/main/cli/index.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: mergeConfig(renderer, {
    root: at('src/renderer'),
    // Both hosts serve exactly the files that this list names.
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      manifest: 'manifest.json',
      rollupOptions: { input: at('src/renderer/index.html') },
    },
  }),
});
