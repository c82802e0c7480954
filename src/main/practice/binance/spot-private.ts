import type { MatchOrderView } from '#main/matching/types';
import { ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';
import { oneFace } from '../wire-kit/order-face';
import type { Family } from '../wire-kit/order-log';
import { hasEnded } from '../wire-kit/order-state';
import { cut } from '../wire-kit/page';
import { type Call, readRef } from './call';
import { money } from './format';
import { readSpotOrder } from './order-input';
import { spotCancelled, spotOrder, spotPlaced, spotTrade } from './spot-image';
import { readPage } from './windows';
import { noSuchOrder, unknownOrder, WireError } from './wire-error';
import type { WireMarket } from './wire-market';

const DAY_MS = 86_400_000;
const pad8 = (value: string | undefined): string => pad(value ?? '0', 8);

/** The handlers behind a spot key. */
export function createSpotPrivate(market: WireMarket) {
  const { log, core } = market;
  const isRoot = (family: Family): boolean => family.parent === null;
  const faceOf = (view: MatchOrderView): MatchOrderView => {
    const family = log.family(view);
    return family === undefined ? view : oneFace(family);
  };

  const cancel = (account: string, symbol: PracticeSymbol, family: Family, id: string) => {
    // After a trigger the engine knows the live order by the child's id.
    const target = family.child ?? family.order;
    if (hasEnded(target)) throw unknownOrder();
    market.cancelIds.set(family.order.orderId, id);
    market.command(symbol, (matching, now) =>
      matching.cancel(account, symbol.symbol, { orderId: target.orderId }, now),
    );
    return spotCancelled(faceOf(family.order), symbol, id);
  };

  return {
    place(call: Call) {
      const { params, account } = call;
      const symbol = market.symbolOf(params);
      const order = readSpotOrder(params, symbol, account, market.freshClientId);
      const short = order.type === 'market' || (order.type === 'limit' && order.timeInForce !== 'post-only');
      const answer =
        params.text('newOrderRespType') === undefined
          ? short
            ? 'FULL'
            : 'ACK'
          : params.oneOf(
              'newOrderRespType',
              ['ACK', 'RESULT', 'FULL'],
              new WireError(-1130, "Data sent for parameter 'newOrderRespType' is not valid."),
            );
      const placed = market.command(symbol, (matching, now) => matching.place(order, now));
      const face = faceOf(placed);
      const fills = log.fills(account, symbol.symbol).filter((fill) => fill.orderId === placed.orderId);
      return spotPlaced(face, symbol, fills, answer);
    },
    test(call: Call) {
      readSpotOrder(call.params, market.symbolOf(call.params), call.account, market.freshClientId);
      return {};
    },
    order(call: Call) {
      const symbol = market.symbolOf(call.params);
      const ref = readRef(call.params, 'orderId', 'origClientOrderId');
      const family = log.find(call.account, symbol.symbol, ref, 'root');
      if (family === undefined) throw noSuchOrder();
      return spotOrder(oneFace(family), symbol);
    },
    cancel(call: Call) {
      const symbol = market.symbolOf(call.params);
      const ref = readRef(call.params, 'orderId', 'origClientOrderId');
      const family = log.find(call.account, symbol.symbol, ref, 'root');
      if (family === undefined) throw unknownOrder();
      const id = call.params.text('newClientOrderId') ?? market.freshClientId();
      return cancel(call.account, symbol, family, id);
    },
    cancelAll(call: Call) {
      const symbol = market.symbolOf(call.params);
      const open = log
        .families(call.account, symbol.symbol)
        .filter((family) => isRoot(family) && !hasEnded(oneFace(family)));
      if (open.length === 0) throw unknownOrder();
      return open.map((family) => cancel(call.account, symbol, family, market.freshClientId()));
    },
    openOrders(call: Call) {
      const symbols =
        call.params.text('symbol') === undefined ? core.symbols : [market.symbolOf(call.params)];
      return symbols.flatMap((symbol) =>
        log
          .families(call.account, symbol.symbol)
          .filter(isRoot)
          .map(oneFace)
          .filter((face) => !hasEnded(face))
          .map((face) => spotOrder(face, symbol)),
      );
    },
    allOrders(call: Call) {
      const symbol = market.symbolOf(call.params);
      const page = readPage(call.params, { idName: 'orderId', windowMs: DAY_MS, maxLimit: 1000 });
      const faces = log.families(call.account, symbol.symbol).filter(isRoot).map(oneFace);
      const key = {
        id: (face: MatchOrderView) => face.orderId,
        at: (face: MatchOrderView) => face.createdAt,
      };
      return cut(faces, page, key).map((face) => spotOrder(face, symbol));
    },
    myTrades(call: Call) {
      const symbol = market.symbolOf(call.params);
      const page = readPage(call.params, { idName: 'fromId', windowMs: DAY_MS, maxLimit: 1000 });
      const roots = new Map<number, number>();
      for (const { order, parent } of log.families(call.account, symbol.symbol))
        if (parent !== null) roots.set(order.orderId, parent.orderId);
      const orderId = call.params.integer('orderId');
      const fills = log
        .fills(call.account, symbol.symbol)
        .map((fill) => ({ fill, orderId: roots.get(fill.orderId) ?? fill.orderId }))
        .filter((one) => orderId === undefined || one.orderId === orderId);
      const key = {
        id: (one: (typeof fills)[number]) => one.fill.tradeId,
        at: (one: (typeof fills)[number]) => one.fill.at,
      };
      return cut(fills, page, key).map((one) => spotTrade(one.fill, one.orderId, symbol));
    },
    account(call: Call) {
      const { balances } = core.matching.account(call.account);
      const omitZero = call.params.flag('omitZeroBalances');
      const first = core.symbols[0];
      const bips = (fee: string | undefined): number => Math.round(Number(fee ?? '0.001') * 10_000);
      const rates = { maker: pad8(first?.makerFee), taker: pad8(first?.takerFee) };
      const assets = new Set(core.symbols.flatMap((symbol) => [symbol.base, symbol.quote]));
      for (const asset of Object.keys(balances)) assets.add(asset);
      const rows = [...assets].sort().map((asset) => ({
        asset,
        free: money(balances[asset]?.free ?? ZERO),
        locked: money(balances[asset]?.locked ?? ZERO),
      }));
      return {
        makerCommission: bips(first?.makerFee),
        takerCommission: bips(first?.takerFee),
        buyerCommission: 0,
        sellerCommission: 0,
        commissionRates: { ...rates, buyer: '0.00000000', seller: '0.00000000' },
        canTrade: true,
        canWithdraw: false,
        canDeposit: false,
        brokered: false,
        requireSelfTradePrevention: false,
        preventSor: false,
        updateTime: core.clock.now(),
        accountType: 'SPOT',
        balances: omitZero ? rows.filter((row) => /[1-9]/.test(row.free + row.locked)) : rows,
        permissions: ['SPOT'],
        uid: 1,
      };
    },
    commission(call: Call) {
      const symbol = market.symbolOf(call.params);
      const rate = {
        maker: pad8(symbol.makerFee),
        taker: pad8(symbol.takerFee),
        buyer: pad8('0'),
        seller: pad8('0'),
      };
      const none = { maker: pad8('0'), taker: pad8('0'), buyer: pad8('0'), seller: pad8('0') };
      return { symbol: symbol.wireSymbol, standardCommission: rate, taxCommission: none };
    },
  };
}
