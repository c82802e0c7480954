import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, toCsv } from '#main/api/csv';

describe('CSV cells', () => {
  it.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1+1', "'+1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['-12.5', '-12.5'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    [null, ''],
    [true, 'true'],
  ])('%j becomes %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('reads back as what went in, but for the apostrophe that disarms formulas', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 20 }), (values) => {
        const csv = toCsv(
          [
            { name: 'value', of: (value: string) => value },
            { name: 'end', of: () => 'x' },
          ],
          values,
        );
        const rows = parse(csv, { columns: true, relax_column_count: true }) as { value: string }[];
        const disarmed = values.map((value) =>
          csvCell(value).replace(/^"/, '').startsWith("'") && !value.startsWith("'") ? `'${value}` : value,
        );
        expect(rows.map((row) => row.value)).toEqual(disarmed);
      }),
    );
  });
});
