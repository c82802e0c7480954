import type { ParamsVersion } from '#shared/domain/params';
import type { ParamName } from '#shared/domain/signal';
import { UNKNOWN } from './format';
import { PARAM_NAMES } from './texts.en';

/** Who brought a version. */
export const VERSION_SOURCES: Record<ParamsVersion['source'], string> = {
  wave: 'wave',
  lock: 'your lock',
  unlock: 'your unlock',
  rollback: 'your roll-back',
};

/** A param's value as a person reads it: percentages on two places, finer ones keep what they have. */
export function paramText(name: ParamName, value: string | number | null): string {
  if (value === null) return UNKNOWN;
  if (name === 'maxTrades') return String(value);
  const [whole = '0', fraction = ''] = String(value).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}
/** As `paramText`, with its unit. */
export const paramWithUnit = (name: ParamName, value: string | number | null): string =>
  `${paramText(name, value)}${value === null || PARAM_NAMES[name].unit === '' ? '' : `\u2009${PARAM_NAMES[name].unit}`}`;

export const SHORT_NAMES: Record<ParamName, string> = {
  maxTrades: 'Per wave',
  stopLoss: 'Stop',
  trailingActivation: 'Trail from',
  trailingDistance: 'Trail by',
};
