import { create } from 'zustand';
import { type QuoteLine, QuoteLines, type QuotingPreset, type QuotingStatus } from '#shared/domain/quoting';
import { follow } from './follow';
import { whyRefused } from './keys';
import { client } from './session';
import { type FieldErrors, saveSettings, useSettings } from './settings';

interface QuotingView {
  /** Null until the engine has told. */
  readonly status: QuotingStatus | null;
  readonly trouble: string | null;
}
export const useQuoting = create<QuotingView>(() => ({ status: null, trouble: null }));

export function startQuotingState(): void {
  follow(
    (to, signal) => to.quoting.status(undefined, { signal }),
    (status) => {
      useQuoting.setState({ status, trouble: null });
      return undefined;
    },
    (trouble) => useQuoting.setState({ trouble }),
  );
}

/** What is wrong with the lines as they stand in the form, in words with field and rule; null when nothing is. */
export function checkLines(lines: unknown): string | null {
  const read = QuoteLines.safeParse(lines);
  if (read.success) return null;
  const { path, message } = read.error.issues[0]!;
  const [line, field] = path;
  return typeof line === 'number'
    ? `Line ${line + 1}, ${String(field ?? 'all')}: ${message}.`
    : `${message}.`;
}

/** Starts with these lines or goes on with them. Answers why not, or null; what becomes of it comes with the status. */
export async function runQuoting(lines: readonly QuoteLine[]): Promise<string | null> {
  try {
    await client().quoting.run({ lines: [...lines] });
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}
export async function stopQuoting(): Promise<string | null> {
  try {
    await client().quoting.stop();
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** Saves a preset under its name, in place of an older one of that name; null removes it. */
export async function savePreset(name: string, lines: QuotingPreset['lines'] | null): Promise<FieldErrors> {
  const { settings } = useSettings.getState();
  if (settings === null) return { '': 'The settings are not loaded yet.' };
  const others = settings.quotingPresets.filter((preset) => preset.name !== name);
  const quotingPresets = lines === null ? others : [...others, { name, lines }];
  return saveSettings({ ...settings, quotingPresets }, 'Quoting presets');
}
