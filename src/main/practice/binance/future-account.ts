import type { AccountView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { abs, add, div, isZero, max, mul, sub, sum, toStep, ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';
import { hasEnded, isConditional } from '../wire-kit/order-state';
import { cut } from '../wire-kit/page';
import type { Call } from './call';
import { money } from './format';
import { readPage } from './windows';
import type { WireMarket } from './wire-market';

type PositionView = AccountView['positions'][number];

const WEEK_MS = 7 * 86_400_000;
/** What the matching engine gives a symbol nobody has set a leverage for. */
const DEFAULT_LEVERAGE = 20;
/** Notional cap of the one bracket. */
export const NOTIONAL_CAP = 1_000_000_000;

export const leverageOf = (view: AccountView, symbol: PracticeSymbol): number =>
  view.positions.find((one) => one.symbol === symbol.symbol)?.leverage ??
  Math.min(DEFAULT_LEVERAGE, symbol.maxLeverage);

const INCOME_TYPE = { funding: 'FUNDING_FEE', fee: 'COMMISSION', pnl: 'REALIZED_PNL' } as const;

/** Account, positions and income behind a futures key. One-way mode, cross margin, single asset. */
export function createFutureAccount(market: WireMarket) {
  const { core, log } = market;
  const viewOf = (call: Call): AccountView => core.matching.account(call.account);

  const mark = (symbol: PracticeSymbol): Decimal => core.mark(symbol.symbol).mark;
  const maintenance = (symbol: PracticeSymbol, position: PositionView): Decimal =>
    mul(mul(abs(position.amount), mark(symbol)), symbol.maintenanceRate);
  const listed = (
    view: AccountView,
  ): readonly { readonly symbol: PracticeSymbol; readonly position: PositionView }[] =>
    view.positions.flatMap((position) => {
      const symbol = market.byInner(position.symbol);
      return symbol === undefined ? [] : [{ symbol, position }];
    });

  const assets = (view: AccountView) => {
    const names = new Set([...core.symbols.map((one) => one.quote), ...Object.keys(view.balances)]);
    const now = core.clock.now();
    return [...names].sort().map((asset) => {
      const { free, locked } = view.balances[asset] ?? { free: ZERO, locked: ZERO };
      const mine = listed(view).filter((one) => one.symbol.quote === asset);
      const wallet = add(free, locked);
      const unrealised = sum(mine.map((one) => one.position.unrealised));
      const inPositions = sum(mine.map((one) => one.position.margin));
      const maint = sum(mine.map((one) => maintenance(one.symbol, one.position)));
      const available = max(ZERO, add(free, unrealised));
      return {
        asset,
        walletBalance: money(wallet),
        unrealizedProfit: money(unrealised),
        marginBalance: money(add(wallet, unrealised)),
        maintMargin: money(maint),
        initialMargin: money(locked),
        positionInitialMargin: money(inPositions),
        openOrderInitialMargin: money(max(ZERO, sub(locked, inPositions))),
        crossWalletBalance: money(wallet),
        crossUnPnl: money(unrealised),
        availableBalance: money(available),
        maxWithdrawAmount: money(max(ZERO, free)),
        marginAvailable: true,
        updateTime: now,
      };
    });
  };

  const risk = (view: AccountView, symbol: PracticeSymbol, position: PositionView | undefined) => {
    const amount = position?.amount ?? ZERO;
    const digits = market.digits(symbol);
    const notional = mul(amount, mark(symbol));
    const entry = position?.entryPrice ?? ZERO;
    return {
      symbol: symbol.wireSymbol,
      positionSide: 'BOTH',
      positionAmt: pad(amount, digits.amount),
      entryPrice: isZero(amount) ? '0.0' : entry,
      breakEvenPrice: isZero(amount) ? '0.0' : breakEven(entry, amount, symbol),
      markPrice: pad(mark(symbol), 8),
      unRealizedProfit: money(position?.unrealised ?? ZERO),
      liquidationPrice: position?.liquidationPrice ?? '0',
      isolatedMargin: '0',
      notional: money(notional),
      marginAsset: symbol.quote,
      isolatedWallet: '0',
      initialMargin: money(div(abs(notional), String(leverageOf(view, symbol)) as Decimal)),
      maintMargin: money(position === undefined ? ZERO : maintenance(symbol, position)),
      positionInitialMargin: money(position?.margin ?? ZERO),
      openOrderInitialMargin: '0',
      adl: isZero(amount) ? 0 : 1,
      bidNotional: '0',
      askNotional: '0',
      updateTime: core.clock.now(),
    };
  };

  const accountBody = (call: Call, all: boolean) => {
    const view = viewOf(call);
    const rows = assets(view);
    const total = (name: keyof (typeof rows)[number]): string =>
      money(sum(rows.map((row) => row[name] as Decimal)));
    const shown = core.symbols
      .map((symbol) => ({ symbol, position: view.positions.find((one) => one.symbol === symbol.symbol) }))
      .filter(({ position }) => all || (position !== undefined && !isZero(position.amount)));
    return {
      totalInitialMargin: total('initialMargin'),
      totalMaintMargin: total('maintMargin'),
      totalWalletBalance: total('walletBalance'),
      totalUnrealizedProfit: total('unrealizedProfit'),
      totalMarginBalance: total('marginBalance'),
      totalPositionInitialMargin: total('positionInitialMargin'),
      totalOpenOrderInitialMargin: total('openOrderInitialMargin'),
      totalCrossWalletBalance: total('crossWalletBalance'),
      totalCrossUnPnl: total('crossUnPnl'),
      availableBalance: total('availableBalance'),
      maxWithdrawAmount: total('maxWithdrawAmount'),
      assets: rows,
      positions: shown.map(({ symbol, position }) => {
        const row = risk(view, symbol, position);
        const { markPrice: _mark, liquidationPrice: _liquidation, unRealizedProfit, ...rest } = row;
        const more = all ? { leverage: String(leverageOf(view, symbol)), isolated: false } : {};
        return { ...rest, unrealizedProfit: unRealizedProfit, ...more };
      }),
    };
  };

  return {
    accountV3: (call: Call) => accountBody(call, false),
    accountV2: (call: Call) => ({
      feeTier: 0,
      canTrade: true,
      canDeposit: true,
      canWithdraw: false,
      multiAssetsMargin: false,
      tradeGroupId: -1,
      updateTime: 0,
      ...accountBody(call, true),
    }),
    balance: (call: Call) =>
      assets(viewOf(call)).map((row) => ({
        accountAlias: 'practice',
        asset: row.asset,
        balance: row.walletBalance,
        crossWalletBalance: row.crossWalletBalance,
        crossUnPnl: row.crossUnPnl,
        availableBalance: row.availableBalance,
        maxWithdrawAmount: row.maxWithdrawAmount,
        marginAvailable: true,
        updateTime: row.updateTime,
      })),
    /** Only symbols with a position or an open order, without leverage and margin type. */
    positionRiskV3(call: Call) {
      const view = viewOf(call);
      const busy = new Set(
        core.matching
          .openOrders(call.account)
          .filter((order) => !hasEnded(order) && !isConditional(order))
          .map((order) => order.symbol),
      );
      const named = call.params.text('symbol') === undefined ? null : market.symbolOf(call.params);
      return core.symbols
        .filter((symbol) => named === null || symbol === named)
        .map((symbol) => ({ symbol, position: view.positions.find((one) => one.symbol === symbol.symbol) }))
        .filter(({ symbol, position }) => busy.has(symbol.symbol) || (position && !isZero(position.amount)))
        .map(({ symbol, position }) => risk(view, symbol, position));
    },
    positionRiskV2(call: Call) {
      const view = viewOf(call);
      const symbols =
        call.params.text('symbol') === undefined ? core.symbols : [market.symbolOf(call.params)];
      return symbols.map((symbol) => ({
        ...risk(
          view,
          symbol,
          view.positions.find((one) => one.symbol === symbol.symbol),
        ),
        leverage: String(leverageOf(view, symbol)),
        marginType: 'cross',
        isAutoAddMargin: 'false',
        maxNotionalValue: String(NOTIONAL_CAP),
      }));
    },
    income(call: Call) {
      const { params, account } = call;
      const symbol = params.text('symbol') === undefined ? undefined : market.symbolOf(params).symbol;
      const kind = params.text('incomeType');
      const rows = log
        .income(account, symbol)
        .map((entry, index) => ({ entry, id: index + 1 }))
        .filter(({ entry }) => kind === undefined || INCOME_TYPE[entry.kind] === kind);
      const page = readPage(params, { idName: 'fromId', windowMs: 52 * WEEK_MS, maxLimit: 1000 });
      return cut(rows, page, { id: (row) => row.id, at: (row) => row.entry.at }).map(({ entry, id }) => ({
        symbol: market.byInner(entry.symbol)?.wireSymbol ?? entry.symbol,
        incomeType: INCOME_TYPE[entry.kind],
        income: money(entry.amount),
        asset: entry.asset,
        info: INCOME_TYPE[entry.kind],
        time: entry.at,
        tranId: id,
        tradeId: entry.tradeId === null ? '' : String(entry.tradeId),
      }));
    },
  };
}
/** Entry moved by the taker fee of opening and closing, on the tick. */
function breakEven(entry: Decimal, amount: Decimal, symbol: PracticeSymbol): string {
  const cost = mul(mul(entry, symbol.takerFee), '2' as Decimal);
  const long = !amount.startsWith('-');
  return toStep(long ? add(entry, cost) : sub(entry, cost), symbol.tickSize, 'half-up');
}
