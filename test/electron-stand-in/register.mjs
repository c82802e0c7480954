// Resolves `electron` to the stand-in, so that the built main bundle runs where no Electron binary is.
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('./electron.mjs', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
