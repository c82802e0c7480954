const DANGEROUS_START = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** One RFC 4180 cell. Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  let text = String(value);
  if (DANGEROUS_START.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Header and rows as RFC 4180 text with CRLF line ends. */
export function toCsv<T>(
  columns: readonly { readonly name: string; readonly of: (row: T) => string | number | boolean | null }[],
  rows: readonly T[],
): string {
  const lines = [columns.map((column) => csvCell(column.name)).join(',')];
  for (const row of rows) lines.push(columns.map((column) => csvCell(column.of(row))).join(','));
  return `${lines.join('\r\n')}\r\n`;
}
