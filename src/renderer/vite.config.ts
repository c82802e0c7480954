import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../out/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome130',
    // A data: font or script would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    // electron-vite leaves this off unless told.
    minify: true,
    // The host serves only what stands in this list.
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
  },
});
