import type { AccountView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { abs, add, div, isZero, max, sum, toStep, ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { leverageOf } from './order-image';
import { WireError } from './wire-error';
import type { WireMarket } from './wire-market';

/** Money and positions behind a futures key. One-way mode, cross margin, USDT alone. */
export function createFutureAccount(market: WireMarket) {
  const { core } = market;
  const figures = (view: AccountView) => {
    const { free, locked } = view.balances.USDT ?? { free: ZERO, locked: ZERO };
    const unrealised = sum(view.positions.map((one) => one.unrealised));
    const equity = add(add(free, locked), unrealised);
    // What is locked for positions and orders is not free for another order; losses are not either.
    const spare = max(ZERO, add(free, unrealised));
    return { locked, unrealised, equity, spare };
  };

  return {
    /** A row of v2/mix/account/accounts, and with a symbol of v2/mix/account/account. */
    account(account: string, symbol?: PracticeSymbol) {
      const view = core.matching.account(account);
      const { locked, unrealised, equity, spare } = figures(view);
      return {
        marginCoin: 'USDT',
        locked,
        available: max(ZERO, equity),
        crossedMaxAvailable: spare,
        isolatedMaxAvailable: spare,
        maxTransferOut: spare,
        accountEquity: equity,
        usdtEquity: equity,
        btcEquity: '0',
        crossedRiskRate: '0',
        ...(symbol === undefined
          ? { assetMode: 'single' }
          : {
              crossedMarginLeverage: leverageOf(market, account, symbol),
              isolatedLongLever: leverageOf(market, account, symbol),
              isolatedShortLever: leverageOf(market, account, symbol),
              posMode: 'one_way_mode',
            }),
        marginMode: 'crossed',
        unrealizedPL: unrealised,
        coupon: '0',
        crossedUnrealizedPL: unrealised,
        isolatedUnrealizedPL: '',
      };
    },
    /** What the private stream says of the same. */
    accountPush(account: string) {
      const { locked, unrealised, equity, spare } = figures(core.matching.account(account));
      return {
        marginCoin: 'USDT',
        frozen: locked,
        available: max(ZERO, equity),
        maxOpenPosAvailable: spare,
        maxTransferOut: spare,
        equity,
        usdtEquity: equity,
        unrealizedPL: unrealised,
      };
    },
    positions(account: string, only?: PracticeSymbol) {
      return open(account, only).map(({ symbol, position }) => ({
        ...positionRow(market, symbol, position),
        symbol: symbol.wireSymbol,
        openDelegateSize: '0',
        locked: '0',
        leverage: String(position.leverage),
        marginRatio: '0.01',
      }));
    },
    positionPush(account: string) {
      return open(account).map(({ symbol, position }) => ({
        ...positionRow(market, symbol, position),
        instId: symbol.wireSymbol,
        posId: `13613${symbol.wireSymbol.length}00000000`,
        frozen: '0',
        leverage: position.leverage,
        unrealizedPLR: isZero(position.margin)
          ? '0'
          : toStep(div(position.unrealised, position.margin), PERCENT, 'half-up'),
        marginRate: '0.01',
        breakEvenPrice: position.entryPrice,
        totalFee: '0',
        deductedFee: '0',
        assetMode: 'single',
      }));
    },
    /** @throws WireError 40797 */
    setLeverage(account: string, symbol: PracticeSymbol, leverage: number) {
      if (!Number.isInteger(leverage) || leverage < 1 || leverage > symbol.maxLeverage)
        throw new WireError('40797', 'Exceeded the maximum settable leverage');
      const set = String(
        market.command(symbol, (matching) => matching.setLeverage(account, symbol.symbol, leverage)),
      );
      return {
        symbol: symbol.wireSymbol,
        marginCoin: 'USDT',
        longLeverage: set,
        shortLeverage: set,
        crossMarginLeverage: set,
        marginMode: 'crossed',
      };
    },
  };

  function open(account: string, only?: PracticeSymbol) {
    return core.matching.account(account).positions.flatMap((position) => {
      const symbol = market.byInner(position.symbol);
      if (symbol === undefined || isZero(position.amount) || (only !== undefined && symbol !== only))
        return [];
      return [{ symbol, position }];
    });
  }
}
const PERCENT = '0.0001' as Decimal;

type Position = AccountView['positions'][number];

/** What REST and stream say alike. */
function positionRow({ core }: WireMarket, symbol: PracticeSymbol, position: Position) {
  const now = String(core.clock.now());
  const { mark } = core.mark(symbol.symbol);
  const amount = abs(position.amount);
  return {
    marginCoin: 'USDT',
    holdSide: position.amount.startsWith('-') ? 'short' : 'long',
    marginSize: position.margin,
    marginMode: 'crossed',
    posMode: 'one_way_mode',
    total: amount,
    available: amount,
    openPriceAvg: position.entryPrice,
    achievedProfits: position.realised,
    unrealizedPL: position.unrealised,
    liquidationPrice: position.liquidationPrice ?? '0',
    keepMarginRate: symbol.maintenanceRate,
    markPrice: mark,
    autoMargin: 'off',
    cTime: now,
    uTime: now,
  };
}
