import type { AccountView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { abs, add, div, isPositive, isZero, max, mul, sum, toStep, ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { wirePositionId } from './ids';
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
    const needed = sum(
      listed(view).map(({ symbol, position }) =>
        mul(mul(abs(position.amount), core.mark(symbol.symbol).mark), symbol.maintenanceRate),
      ),
    );
    // At 1 the account is liquidated.
    const risk = isPositive(equity) ? toStep(div(needed, equity), RISK_STEP, 'half-up') : ZERO;
    return { locked, unrealised, equity, spare, risk };
  };
  const listed = (view: AccountView) =>
    view.positions.flatMap((position) => {
      const symbol = market.byInner(position.symbol);
      return symbol === undefined || isZero(position.amount) ? [] : [{ symbol, position }];
    });

  return {
    /** A row of v2/mix/account/accounts, and with a symbol of v2/mix/account/account. */
    account(account: string, symbol?: PracticeSymbol) {
      const view = core.matching.account(account);
      const { locked, unrealised, equity, spare, risk } = figures(view);
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
        crossedRiskRate: risk,
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
        marginRatio: figures(core.matching.account(account)).risk,
      }));
    },
    positionPush(account: string) {
      return open(account).map(({ symbol, position }) => ({
        ...positionRow(market, symbol, position),
        instId: symbol.wireSymbol,
        posId: wirePositionId(core.symbols.indexOf(symbol)),
        frozen: '0',
        leverage: position.leverage,
        unrealizedPLR: isZero(position.margin)
          ? '0'
          : toStep(div(position.unrealised, position.margin), PERCENT, 'half-up'),
        marginRate: figures(core.matching.account(account)).risk,
        breakEvenPrice: position.entryPrice,
        // The engine does not keep fees by position.
        totalFee: '',
        deductedFee: '',
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
    return listed(core.matching.account(account)).filter(
      ({ symbol }) => only === undefined || symbol === only,
    );
  }
}
const PERCENT = '0.0001' as Decimal;
const RISK_STEP = '0.000001' as Decimal;

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
