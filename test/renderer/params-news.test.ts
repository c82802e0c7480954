import { describe, expect, it } from 'vitest';
import type { ParamsRow } from '#shared/contract/params';
import type { StoredParams } from '#shared/domain/params';
import { paramsNews } from '../../src/renderer/state/params-news';

const NONE = { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: null };
const rows = (stopLoss: string | null) => {
  const stored =
    stopLoss === null
      ? null
      : ({ exchange: 'binance', values: { ...NONE, stopLoss }, locks: NONE } as unknown as StoredParams);
  return new Map([['binance', { stored } as unknown as ParamsRow]]);
};

describe('news of params', () => {
  it('M-061 tells a change of more than 10 %, and not one of exactly 10 %', () => {
    expect(paramsNews(rows('4'), rows('4.41'))).toEqual([{ exchange: 'binance', names: ['stopLoss'] }]);
    expect(paramsNews(rows('4'), rows('4.4'))).toEqual([]);
  });

  it('says nothing of what a window sees first', () => {
    expect(paramsNews(null, rows('9'))).toEqual([]);
    expect(paramsNews(rows(null), rows('9'))).toEqual([]);
  });
});
