import { StoreError, type StoreErrorCode } from './types';

const codeOf = (cause: unknown): string => {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

const WORDS: Readonly<Record<StoreErrorCode, (file: string) => string>> = {
  locked: (file) =>
    `Another Wavedesk is using this profile (${file}). Close it or choose another with --profile.`,
  'newer-version': (file) => `The store ${file} was written by a newer Wavedesk. Install that version again.`,
  'not-writable': (file) =>
    `The store ${file} cannot be opened for writing: this account has no right to it, the disk is read-only, or it is a folder. Choose another profile with --profile.`,
  corrupt: (file) =>
    `The store ${file} is damaged. Nothing was changed in it. Keep a copy, then restore a backup or choose another profile with --profile.`,
  full: (file) =>
    `The disk is full: nothing more can be written to ${file}. Free some space; nothing was lost.`,
  io: (file) =>
    `The disk failed while using ${file}, or that is no ordinary file. Nothing more is written until Wavedesk is started again and has checked the store.`,
};

/** A StoreError that says what is wrong with the file, what to do next and what SQLite or the system said. */
export function storeError(code: StoreErrorCode, file: string, detail = ''): StoreError {
  return new StoreError(code, detail === '' ? WORDS[code](file) : `${WORDS[code](file)} (${detail})`);
}

function kindOf(code: string): StoreErrorCode | null {
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return 'locked';
  // IOERR_LOCK: SQLite fell back to reading and cannot lock what it may not write.
  if (/^SQLITE_(IOERR_LOCK|READONLY|PERM|AUTH|CANTOPEN)/.test(code) || /^E(ACCES|PERM|ROFS)$/.test(code))
    return 'not-writable';
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return 'corrupt';
  if (/^SQLITE_FULL|^E(NOSPC|DQUOT)$/.test(code)) return 'full';
  if (/^SQLITE_(IOERR|NOLFS|PROTOCOL)/.test(code)) return 'io';
  return null;
}

/** What the disk or SQLite threw, as a StoreError; anything else (our own bug) comes back as it was. */
export function toStoreError(cause: unknown, file: string): unknown {
  if (cause instanceof StoreError) return cause;
  const kind = kindOf(codeOf(cause));
  if (kind === null) return cause;
  const detail = `${codeOf(cause)}: ${cause instanceof Error ? cause.message : String(cause)}`;
  const error = storeError(kind, file, kind === 'locked' ? '' : detail);
  error.cause = cause;
  return error;
}

/** Runs and turns what the disk throws into a StoreError. */
export function guarded<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw toStoreError(cause, file);
  }
}
