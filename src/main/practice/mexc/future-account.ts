import { isZero } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { assetRow, leverageOf, positionIdOf, positionRow } from './future-image';
import type { Call } from './routes';
import { WireError } from './wire-error';
import type { WireMarket } from './wire-market';

/** Money, positions and settings behind a futures key. One-way mode, cross margin. */
export function createFutureAccount(market: WireMarket) {
  const { core } = market;
  const assets = (account: string): string[] => [
    ...new Set([
      ...core.symbols.map((one) => one.quote),
      ...Object.keys(core.matching.account(account).balances),
    ]),
  ];
  const positions = (account: string) =>
    core.symbols.flatMap((symbol) => {
      const held = core.matching.account(account).positions.find((one) => one.symbol === symbol.symbol);
      const row = held === undefined || isZero(held.amount) ? null : positionRow(market, account, symbol);
      return row === null ? [] : [row];
    });
  const byPosition = (id: number): PracticeSymbol => {
    const symbol = core.symbols.find((one) => positionIdOf(market, one) === id);
    if (symbol === undefined) throw new WireError(2009, 'Position is not exists or closed.');
    return symbol;
  };

  return {
    assets: (call: Call) => assets(call.account).map((asset) => assetRow(market, call.account, asset)),
    asset: (call: Call) => assetRow(market, call.account, call.params.need('currency')),
    positions(call: Call) {
      const rows = positions(call.account);
      if (call.params.text('symbol') === undefined) return rows;
      const name = market.nameOf(market.symbolOf(call.params));
      return rows.filter((row) => row.symbol === name);
    },
    positionMode: () => ({ positionMode: 2 }),
    setPositionMode(call: Call) {
      if (call.params.integer('positionMode') !== 2)
        throw new WireError(600, 'Parameter error: only one-way mode (positionMode 2)');
      return null;
    },
    leverage(call: Call) {
      const symbol = market.symbolOf(call.params);
      const leverage = leverageOf(core.matching.account(call.account), symbol);
      return [1, 2].map((positionType) => ({
        level: 1,
        maxVol: 1_000_000,
        mmr: Number(symbol.maintenanceRate),
        imr: 1 / symbol.maxLeverage,
        positionType,
        openType: 2,
        leverage,
        limitBySys: false,
        currentMmr: Number(symbol.maintenanceRate),
      }));
    },
    setLeverage(call: Call) {
      const { params, account } = call;
      const id = params.integer('positionId');
      const symbol = id === undefined ? market.symbolOf(params) : byPosition(id);
      const leverage = params.integer('leverage');
      if (leverage === undefined || leverage < 1 || leverage > symbol.maxLeverage)
        throw new WireError(2006, 'The leverage ratio is out of range');
      market.command(symbol, (matching) => matching.setLeverage(account, symbol.symbol, leverage));
      return null;
    },
    feeRate(call: Call) {
      const symbol = market.symbolOf(call.params);
      return {
        takerFee: Number(symbol.takerFee),
        makerFee: Number(symbol.makerFee),
        originalTakerFee: 0,
        originalMakerFee: 0,
      };
    },
  };
}
