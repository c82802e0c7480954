import { createLatest } from '../feed';
import { vaultStatus } from '../keys';
import type { DeskParts } from '../parts';
import type { Screens } from '../screens';
import { os, wordsOf } from './contract';

export const connectionsArea = (parts: DeskParts, screens: Screens) => ({
  stream: os.connections.stream.handler(({ signal }) => screens.links.follow(signal)),
  clocks: os.connections.clocks.handler(({ signal }) => screens.clocks.follow(signal)),
  reconnect: os.connections.reconnect.handler(({ input }) => {
    parts.reconnect(input.key);
    return null;
  }),
  recording: os.connections.recording.handler(({ signal }) => parts.recorder.follow(signal)),
  record: os.connections.record.handler(({ input }) => parts.recorder.set(input)),
});

export const settingsArea = (parts: DeskParts, screens: Screens) => ({
  stream: os.settings.stream.handler(({ signal }) => screens.settings.follow(signal)),
  save: os.settings.save.handler(({ input }) => {
    parts.applySettings(input.settings);
    return parts.settings();
  }),
});

export const keysArea = (parts: DeskParts) => {
  const vault = createLatest<Awaited<ReturnType<typeof vaultStatus>>>();
  const show = async () => {
    const status = await vaultStatus(parts.vault);
    vault.set(status);
    return status;
  };
  void show();
  return {
    stream: os.keys.stream.handler(({ signal }) => vault.follow(signal)),
    store: os.keys.store.handler(async ({ input, errors }) => {
      const { name, apiKey, secret, passphrase, mode } = input;
      try {
        await parts.vault.put(name, { apiKey, secret, ...(passphrase ? { passphrase } : {}), mode });
      } catch (error) {
        throw errors.REFUSED({ data: { why: wordsOf(error) } });
      }
      const info = (await show()).keys.find((key) => key.name === name)!;
      parts.keyChanged(name, 'stored', info.last4);
      return info;
    }),
    remove: os.keys.remove.handler(async ({ input }) => {
      await parts.vault.remove(input.name);
      await show();
      parts.keyChanged(input.name, 'removed', null);
      return null;
    }),
    unlock: os.keys.unlock.handler(async ({ input, errors }) => {
      try {
        await parts.vault.unlock(input.passphrase);
      } catch (error) {
        throw errors.REFUSED({ data: { why: wordsOf(error) } });
      }
      parts.vaultUnlocked();
      return show();
    }),
  };
};
