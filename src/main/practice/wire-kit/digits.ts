/** Adds zeros up to `digits` places; never cuts or rounds. */
export function pad(value: string, digits: number): string {
  const dot = value.indexOf('.');
  const have = dot < 0 ? 0 : value.length - dot - 1;
  if (have >= digits) return value;
  return `${value}${dot < 0 ? '.' : ''}${'0'.repeat(digits - have)}`;
}
