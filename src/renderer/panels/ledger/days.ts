import type { Zone } from '../../ui/format';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** First millisecond of the day a date box names, `daysOn` days later; null for an empty or broken box. */
function startOf(text: string, zone: Zone, daysOn: number): number | null {
  const found = DAY.exec(text);
  if (found === null) return null;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  const at =
    zone === 'utc'
      ? Date.UTC(year, month - 1, day + daysOn)
      : new Date(year, month - 1, day + daysOn).getTime();
  return Number.isNaN(at) ? null : at;
}

/** The span that two date boxes mean, both days included; an empty box leaves its end open. */
export const spanOf = (from: string, to: string, zone: Zone): { from: number | null; to: number | null } => {
  const end = startOf(to, zone, 1);
  return { from: startOf(from, zone, 0), to: end === null ? null : end - 1 };
};
