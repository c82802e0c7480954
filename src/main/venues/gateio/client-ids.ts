import { ClientOrderId } from '#shared/domain/basics';

/** Gate wants "t-" in front and at most 28 of `0-9 A-Z a-z _ . -` behind it. */
const OURS = /^[A-Za-z0-9_-]{1,28}$/;
const THEIRS = /^t-([A-Za-z0-9_-]{1,28})$/;
/** The ordinary order that a triggered one became is named after it. */
const FROM_TRIGGER = /^ao-(\d{1,20})$/;

/** Null for an id too long for Gate: it must not leave. */
export const toText = (id: ClientOrderId): string | null => (OURS.test(id) ? `t-${id}` : null);

/** Our id out of an order's text; null for texts of others ("web", "api", "ao-5"). */
export function fromText(text: unknown): ClientOrderId | null {
  const inner = typeof text === 'string' ? THEIRS.exec(text)?.[1] : undefined;
  return inner === undefined ? null : ClientOrderId.parse(inner);
}

/** The id of the trigger order an ordinary order came from. */
export const triggerOf = (text: unknown): string | null =>
  typeof text === 'string' ? (FROM_TRIGGER.exec(text)?.[1] ?? null) : null;
