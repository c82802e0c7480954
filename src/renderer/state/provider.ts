import { create } from 'zustand';
import type { ProviderStatus } from '#shared/contract/signals';
import type { ProviderSettings } from '#shared/domain/provider';
import { follow } from './follow';
import { type FieldErrors, saveSettings, useSettings } from './settings';

interface ProviderView {
  /** Null until the engine has told. */
  readonly status: ProviderStatus | null;
  readonly trouble: string | null;
}
export const useProvider = create<ProviderView>(() => ({ status: null, trouble: null }));

export function startProvider(): void {
  follow(
    (to, signal) => to.signals.provider(undefined, { signal }),
    (status) => {
      useProvider.setState({ status, trouble: null });
      return undefined;
    },
    (trouble) => useProvider.setState({ trouble }),
  );
}

/** Saves how one provider is followed, leaving the others alone. Answers what is wrong, or nothing. */
export async function saveProvider(id: string, next: ProviderSettings): Promise<FieldErrors> {
  const { settings } = useSettings.getState();
  if (settings === null) return { '': 'The settings are not loaded yet.' };
  return saveSettings({ ...settings, providers: { ...settings.providers, [id]: next } }, 'Provider change');
}
