const NOT_OFFERED = / is not offered: /;

/** One cell a row, exchange and market out of vitest's JSON report; tests of another shape are passed over. */
export function matrixOf(report) {
  const cells = [];
  for (const file of report.testResults)
    for (const test of file.assertionResults) {
      const [place, ...inner] = test.ancestorTitles;
      const [exchange, market] = (place ?? '').split(' ');
      if (inner.length > 0 || !['spot', 'future'].includes(market) || place.split(' ').length !== 2) continue;
      const [row, why = null] = test.title.split(NOT_OFFERED);
      const result = test.status === 'passed' ? (why === null ? 'passed' : 'absent') : 'failed';
      cells.push({ exchange, market, row, result, why });
    }
  return cells;
}

const MARK = { passed: 'yes', absent: 'none', failed: 'FAILS' };

/** A Markdown table with the reasons of absent cells below it. */
export function tableOf(cells) {
  const columns = [...new Set(cells.map((cell) => `${cell.exchange} ${cell.market}`))].sort();
  const rows = [...new Set(cells.map((cell) => cell.row))];
  const at = new Map(cells.map((cell) => [`${cell.row}|${cell.exchange} ${cell.market}`, cell]));
  const reasons = [...new Set(cells.flatMap((cell) => (cell.why === null ? [] : [cell.why])))];
  const markOf = (row, column) => {
    const cell = at.get(`${row}|${column}`);
    if (cell === undefined) return '';
    return cell.why === null ? MARK[cell.result] : `${MARK[cell.result]} (${reasons.indexOf(cell.why) + 1})`;
  };
  const lines = [
    `| ccxt | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${row} | ${columns.map((column) => markOf(row, column)).join(' | ')} |`),
  ];
  return [...lines, '', ...reasons.map((why, index) => `${index + 1}. ${why}`)].join('\n');
}
