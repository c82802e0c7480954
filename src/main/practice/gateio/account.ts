import { add, max, sub, sum, ZERO } from '#shared/domain/decimal';
import type { Call } from './call';
import type { GateMarket } from './wire-market';

/** GET /spot/accounts */
export function spotAccounts(market: GateMarket, { account, params }: Call) {
  const wanted = params.text('currency');
  return Object.entries(market.core.matching.account(account).balances)
    .filter(([currency]) => wanted === undefined || wanted === currency)
    .map(([currency, { free, locked }]) => ({ currency, available: free, locked, update_id: 1 }));
}

/** GET /futures/usdt/accounts: one object; `total` is the wallet, what is available counts unrealised profit too. */
export function futureAccount(market: GateMarket, { account }: Call) {
  const view = market.core.matching.account(account);
  const { free, locked } = view.balances.USDT ?? { free: ZERO, locked: ZERO };
  const unrealised = sum(view.positions.map((one) => one.unrealised));
  const inPositions = sum(view.positions.map((one) => one.margin));
  return {
    user: market.userOf(account),
    currency: 'USDT',
    total: add(free, locked),
    unrealised_pnl: unrealised,
    position_margin: inPositions,
    position_initial_margin: inPositions,
    order_margin: max(ZERO, sub(locked, inPositions)),
    available: max(ZERO, add(free, unrealised)),
    point: '0',
    bonus: '0',
    in_dual_mode: false,
    enable_credit: false,
    margin_mode: 0,
    history: {
      dnw: '0',
      pnl: '0',
      fee: '0',
      refr: '0',
      fund: '0',
      point_dnw: '0',
      point_fee: '0',
      point_refr: '0',
    },
  };
}

/** GET /account/detail: a classic account. */
export const accountDetail = (market: GateMarket, { account }: Call) => ({
  user_id: market.userOf(account),
  ip_whitelist: [],
  currency_pairs: [],
  key: { mode: 1 },
  tier: 0,
});

/** GET /wallet/fee, fractions. */
export function walletFee(spot: GateMarket, future: GateMarket, { account }: Call) {
  const [pair] = spot.core.symbols;
  const [contract] = future.core.symbols;
  return {
    user_id: spot.userOf(account),
    taker_fee: pair?.takerFee ?? '0',
    maker_fee: pair?.makerFee ?? '0',
    gt_discount: false,
    gt_taker_fee: '0',
    gt_maker_fee: '0',
    loan_fee: '0',
    point_type: '0',
    futures_taker_fee: contract?.takerFee ?? '0',
    futures_maker_fee: contract?.makerFee ?? '0',
    delivery_taker_fee: '0',
    delivery_maker_fee: '0',
    debit_fee: 0,
  };
}
