/** A replay file that cannot be used. The message names file, place and what was expected there. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

/** Where a value stands; `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const excerpt = (value: unknown): string => {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** @throws ReplayError always: the value in this column is not what a replay needs. */
export function refuse(place: Place, column: number, name: string, expected: string, found: unknown): never {
  throw new ReplayError(
    `${place.file}: line ${place.line}, column ${column} (${name}): expected ${expected}, found ${excerpt(found)}`,
  );
}
