import type { AccountView, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { abs, add, div, isZero, max, mul, sub, sum, toFixed, ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { type Call, page, window } from './call';
import { readOrderId } from './ids';
import { executionImage, fundingImage, wireSide } from './order-image';
import { badParam, WireError } from './wire-error';
import { isUnnamed, type WireMarket } from './wire-market';

type PositionView = AccountView['positions'][number];

/** What the matching engine gives a symbol nobody has set a leverage for. */
const DEFAULT_LEVERAGE = 20;

/** The wallet of one market, as REST and the stream show it. Real accounts have one for all markets. */
export function walletImage(market: WireMarket, account: string) {
  const view = market.core.matching.account(account);
  const quotes = new Set(market.core.symbols.map((one) => one.quote));
  const assets = new Set([...quotes, ...Object.keys(view.balances)]);
  const positionsIn = (asset: string): readonly PositionView[] =>
    view.positions.filter((one) => market.byInner(one.symbol)?.quote === asset);
  const coin = [...assets].sort().map((asset) => {
    const { free, locked } = view.balances[asset] ?? { free: ZERO, locked: ZERO };
    const mine = market.kind === 'future' ? positionsIn(asset) : [];
    const unrealised = sum(mine.map((one) => one.unrealised));
    const inPositions = sum(mine.map((one) => one.margin));
    const wallet = add(free, locked);
    const equity = add(wallet, unrealised);
    const inOrders = market.kind === 'future' ? max(ZERO, sub(locked, inPositions)) : ZERO;
    return {
      coin: asset,
      equity,
      usdValue: quotes.has(asset) ? equity : '',
      walletBalance: wallet,
      locked: market.kind === 'spot' ? locked : '0',
      totalOrderIM: inOrders,
      totalPositionIM: inPositions,
      totalPositionMM: '0',
      unrealisedPnl: unrealised,
      cumRealisedPnl: '0',
      borrowAmount: '0',
      accruedInterest: '0',
      availableToWithdraw: '',
      bonus: '0',
      collateralSwitch: true,
      marginCollateral: true,
      spotBorrow: '0',
    };
  });
  const total = (
    name: 'equity' | 'walletBalance' | 'totalOrderIM' | 'totalPositionIM' | 'unrealisedPnl',
  ): Decimal => sum(coin.filter((one) => quotes.has(one.coin)).map((one) => one[name]));
  const held = add(total('totalOrderIM'), total('totalPositionIM'));
  return {
    accountType: 'UNIFIED',
    accountIMRate: '',
    accountMMRate: '',
    totalEquity: total('equity'),
    totalWalletBalance: total('walletBalance'),
    totalMarginBalance: total('equity'),
    totalAvailableBalance: max(ZERO, sub(total('equity'), held)),
    totalPerpUPL: total('unrealisedPnl'),
    totalInitialMargin: held,
    totalMaintenanceMargin: '0',
    accountLTV: '0',
    coin,
  };
}

const leverageOf = (position: PositionView | undefined, symbol: PracticeSymbol): number =>
  position?.leverage ?? Math.min(DEFAULT_LEVERAGE, symbol.maxLeverage);

/** A position; `entry` is the stream's name of what REST calls the average price. */
export function positionImage(
  market: WireMarket,
  account: string,
  symbol: PracticeSymbol,
  entry: 'entryPrice' | 'avgPrice',
) {
  const { core } = market;
  const position = core.matching.account(account).positions.find((one) => one.symbol === symbol.symbol);
  const amount = position?.amount ?? ZERO;
  const flat = isZero(amount);
  const mark = core.mark(symbol.symbol).mark;
  const value = flat ? ZERO : mul(abs(amount), position?.entryPrice ?? ZERO);
  const now = String(core.clock.now());
  const liquidation = position?.liquidationPrice ?? null;
  return {
    category: market.category,
    positionIdx: 0,
    symbol: symbol.wireSymbol,
    side: flat ? '' : wireSide(amount.startsWith('-') ? 'sell' : 'buy'),
    size: market.amount(symbol, abs(amount)),
    [entry]: flat ? '0' : market.price(symbol, position?.entryPrice ?? ZERO),
    positionValue: flat ? '' : value,
    leverage: String(leverageOf(position, symbol)),
    breakEvenPrice: '',
    markPrice: market.price(symbol, mark),
    liqPrice: flat || liquidation === null ? '' : market.price(symbol, liquidation),
    bustPrice: flat || liquidation === null ? '' : market.price(symbol, liquidation),
    positionIM: position?.margin ?? '0',
    positionMM: flat ? '0' : mul(mul(abs(amount), mark), symbol.maintenanceRate),
    unrealisedPnl: position?.unrealised ?? '0',
    curRealisedPnl: position?.realised ?? '0',
    cumRealisedPnl: position?.realised ?? '0',
    takeProfit: '',
    stopLoss: '',
    trailingStop: '0',
    tpslMode: 'Full',
    tradeMode: 0,
    autoAddMargin: 0,
    positionBalance: position?.margin ?? '0',
    positionStatus: 'Normal',
    adlRankIndicator: flat ? 0 : 2,
    riskId: 1,
    riskLimitValue: '2000000',
    sessionAvgPrice: '',
    isReduceOnly: false,
    seq: flat ? -1 : Number(now),
    createdTime: now,
    updatedTime: now,
  };
}

/** Executions, positions and settings behind a key. One-way mode, cross margin. */
export function createAccount(market: WireMarket) {
  const { core, log, kind } = market;
  const symbolsOf = (call: Call): readonly PracticeSymbol[] =>
    call.params.text('symbol') === undefined ? core.symbols : [market.symbolOf(call.params)];

  const executionsOf = (account: string, symbol: PracticeSymbol) => {
    const roots = new Map<number, MatchOrderView>();
    for (const { order, parent } of log.families(account, symbol.symbol))
      roots.set(order.orderId, parent ?? order);
    const trades = log.fills(account, symbol.symbol).flatMap((fill) => {
      const root = roots.get(fill.orderId);
      return root === undefined
        ? []
        : [{ at: fill.at, root, row: executionImage(market, fill, root, symbol) }];
    });
    const payments = core
      .history(account, symbol.symbol)
      .funding.map((one) => ({ at: one.at, root: null, row: fundingImage(market, one, symbol) }));
    return [...trades, ...payments];
  };

  return {
    wallet: ({ account }: Call) => ({ list: [walletImage(market, account)] }),
    executions(call: Call) {
      const { params, account } = call;
      const id = params.text('orderId');
      const link = params.text('orderLinkId');
      const type = params.text('execType');
      const { start, end } = window(params, core.clock.now());
      const orderId = id === undefined ? undefined : readOrderId(kind, id);
      const wanted = ({ at, root, row }: ReturnType<typeof executionsOf>[number]): boolean => {
        if (type !== undefined && row.execType !== type) return false;
        if (id !== undefined) return root?.orderId === orderId;
        if (link !== undefined) return root?.clientOrderId === link && !isUnnamed(link);
        return at >= start && at <= end;
      };
      const rows = symbolsOf(call)
        .flatMap((symbol) => executionsOf(account, symbol))
        .filter(wanted)
        .sort((a, b) => b.at - a.at || Number(b.row.seq) - Number(a.row.seq))
        .map(({ row }) => row);
      return { category: market.category, ...page(rows, params, 50, 100) };
    },
    positions(call: Call) {
      const { params, account } = call;
      if (params.text('symbol') !== undefined) {
        const row = positionImage(market, account, market.symbolOf(params), 'avgPrice');
        return { category: market.category, list: [row], nextPageCursor: '' };
      }
      const settle = params.text('settleCoin');
      if (settle === undefined) throw badParam('symbol or settleCoin is required.');
      const held = new Set(
        core.matching
          .account(account)
          .positions.filter((one) => !isZero(one.amount))
          .map((one) => one.symbol),
      );
      const rows = core.symbols
        .filter((symbol) => symbol.quote === settle && held.has(symbol.symbol))
        .map((symbol) => positionImage(market, account, symbol, 'avgPrice'));
      return { category: market.category, ...page(rows, params, 20, 200) };
    },
    /** One row for each order that closed something, newest first. */
    closedPnl(call: Call) {
      const { start, end } = window(call.params, core.clock.now());
      const rows = symbolsOf(call).flatMap((symbol) => {
        const byOrder = new Map<string, ReturnType<typeof executionsOf>>();
        for (const one of executionsOf(call.account, symbol))
          if (one.root !== null) byOrder.set(one.row.orderId, [...(byOrder.get(one.row.orderId) ?? []), one]);
        return [...byOrder.values()].flatMap((list) => closedRow(list, symbol));
      });
      const inside = rows.filter((row) => Number(row.createdTime) >= start && Number(row.createdTime) <= end);
      inside.sort((a, b) => Number(b.createdTime) - Number(a.createdTime));
      return { category: market.category, ...page(inside, call.params, 50, 100) };
    },
    setLeverage({ params, account }: Call) {
      const symbol = market.symbolOf(params);
      const [buy, sell] = [params.needPositive('buyLeverage'), params.needPositive('sellLeverage')];
      if (buy !== sell) throw badParam('buy leverage invalid');
      const now = core.matching.account(account).positions.find((one) => one.symbol === symbol.symbol);
      if (String(leverageOf(now, symbol)) === String(Number(buy)))
        throw new WireError(110_043, 'leverage not modified');
      market.command(symbol, (matching) => matching.setLeverage(account, symbol.symbol, Number(buy)));
      return {};
    },
    switchMode({ params }: Call) {
      // One-way is what there is: asking for it changes nothing.
      if (params.text('mode') === '0') throw new WireError(110_025, 'Position mode is not modified');
      throw badParam('hedge mode is not offered here');
    },
    feeRate(call: Call) {
      const list = symbolsOf(call).map((symbol) => ({
        symbol: symbol.wireSymbol,
        takerFeeRate: symbol.takerFee,
        makerFeeRate: symbol.makerFee,
      }));
      return { category: market.category, list };
    },
  };

  function closedRow(list: ReturnType<typeof executionsOf>, symbol: PracticeSymbol) {
    const fills = list.map(({ row }) => row as ReturnType<typeof executionImage>);
    const pnl = sum(fills.map((fill) => fill.execPnl ?? ZERO));
    const first = fills[0];
    if (first === undefined || isZero(pnl)) return [];
    const size = sum(fills.map((fill) => fill.execQty as Decimal));
    const exit = sum(fills.map((fill) => fill.execValue));
    const fees = sum(fills.map((fill) => fill.execFee));
    const entry = first.side === 'Sell' ? sub(exit, pnl) : add(exit, pnl);
    return [
      {
        symbol: symbol.wireSymbol,
        orderId: first.orderId,
        side: first.side,
        qty: first.orderQty,
        orderPrice: first.orderPrice,
        orderType: first.orderType,
        execType: first.execType,
        closedSize: size,
        cumEntryValue: entry,
        avgEntryPrice: toFixed(div(entry, size), 8),
        cumExitValue: exit,
        avgExitPrice: toFixed(div(exit, size), 8),
        closedPnl: sub(pnl, fees),
        fillCount: String(fills.length),
        leverage: '',
        createdTime: first.execTime,
        updatedTime: first.execTime,
      },
    ];
  }
}
export type Account = ReturnType<typeof createAccount>;

/** What a key may do, and that its account is the unified one; ccxt asks for both unless it is told. */
export const keyInfo = (apiKey: string) => ({
  id: '1',
  note: 'practice',
  apiKey,
  readOnly: 0,
  permissions: {
    ContractTrade: ['Order', 'Position'],
    Spot: ['SpotTrade'],
    Wallet: [],
    Derivatives: ['DerivativesTrade'],
  },
  uta: 1,
  unified: 0,
  isMaster: true,
});
export const accountInfo = () => ({
  unifiedMarginStatus: 6,
  marginMode: 'REGULAR_MARGIN',
  isMasterTrader: false,
  spotHedgingStatus: 'OFF',
});
