import { ORPCError } from '@orpc/client';
import { create } from 'zustand';
import { Settings } from '#shared/domain/settings';
import { follow } from './follow';
import { client } from './session';
import { pushUndo } from './undo';

export const useSettings = create<{ readonly settings: Settings | null }>(() => ({ settings: null }));

/** Messages by field path ("filters.minOpenInterestUsd"); the empty path is about the whole form. */
export type FieldErrors = Readonly<Record<string, string>>;

export function startSettings(): void {
  follow(
    (to, signal) => to.settings.stream(undefined, { signal }),
    (settings) => {
      useSettings.setState({ settings });
      return undefined;
    },
  );
}

/** Field messages of the schema; empty when the draft is valid. */
export function checkSettings(draft: unknown): { settings: Settings | null; errors: FieldErrors } {
  const result = Settings.safeParse(draft);
  return result.success
    ? { settings: result.data, errors: {} }
    : { settings: null, errors: fieldErrors(result.error.issues) };
}

/** Saves whole settings and remembers the ones before for undo. Answers what is wrong, or nothing. */
export async function saveSettings(next: Settings, label: string): Promise<FieldErrors> {
  const before = useSettings.getState().settings;
  try {
    const settings = await client().settings.save({ settings: next });
    useSettings.setState({ settings });
    if (before !== null) pushUndo(label, () => restore(before));
    return {};
  } catch (error) {
    return errorsOf(error);
  }
}

async function restore(settings: Settings): Promise<void> {
  useSettings.setState({ settings: await client().settings.save({ settings }) });
}

/** The engine's refusal by field; the fields of `settings.x` read `x` as in the form. */
function errorsOf(error: unknown): FieldErrors {
  if (error instanceof ORPCError && typeof error.data === 'object' && error.data !== null) {
    const { issues } = error.data as { issues?: unknown };
    if (Array.isArray(issues)) return fieldErrors(issues as Issue[], 'settings');
  }
  return { '': error instanceof Error ? error.message : String(error) };
}

interface Issue {
  readonly path?: readonly PropertyKey[] | undefined;
  readonly message: string;
}
/** First message of each field. */
export function fieldErrors(issues: readonly Issue[], root?: string): FieldErrors {
  const errors: Record<string, string> = {};
  for (const { path = [], message } of issues) {
    const own = path[0] === root ? path.slice(1) : path;
    errors[own.map(String).join('.')] ??= message;
  }
  return errors;
}
