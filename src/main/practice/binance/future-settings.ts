import type { PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';
import type { ListenKeys } from '../wire-kit/listen-keys';
import type { Listeners } from '../wire-kit/listeners';
import type { Call } from './call';
import { leverageOf, NOTIONAL_CAP } from './future-account';
import { unsupported, WireError } from './wire-error';
import type { WireMarket } from './wire-market';

/** Settings, tariffs and listen keys behind a futures key. */
export function createFutureSettings(market: WireMarket, listenKeys: ListenKeys, listeners: Listeners) {
  const { core } = market;
  return {
    setLeverage(call: Call) {
      const symbol = market.symbolOf(call.params);
      const leverage = call.params.integer('leverage');
      if (leverage === undefined || leverage < 1 || leverage > symbol.maxLeverage)
        throw new WireError(-4028, `Leverage ${call.params.text('leverage') ?? ''} is not valid`);
      const set = market.command(symbol, (matching) =>
        matching.setLeverage(call.account, symbol.symbol, leverage),
      );
      const now = core.clock.now();
      const ac = { s: symbol.wireSymbol, l: set };
      listeners.tell(call.account, { e: 'ACCOUNT_CONFIG_UPDATE', E: now, T: now, ac });
      return { leverage: set, maxNotionalValue: String(NOTIONAL_CAP), symbol: symbol.wireSymbol };
    },
    setMarginType(call: Call) {
      market.symbolOf(call.params);
      if (call.params.need('marginType') === 'CROSSED')
        throw new WireError(-4046, 'No need to change margin type.');
      throw unsupported();
    },
    positionMode: () => ({ dualSidePosition: false }),
    setPositionMode(call: Call) {
      if (call.params.flag('dualSidePosition')) throw unsupported();
      throw new WireError(-4059, 'No need to change position side.');
    },
    multiAssets: () => ({ multiAssetsMargin: false }),
    setMultiAssets(call: Call) {
      if (call.params.flag('multiAssetsMargin')) throw unsupported();
      throw new WireError(-4171, 'No need to change Multi-Assets mode.');
    },
    leverageBracket(call: Call) {
      const one = (symbol: PracticeSymbol) => ({
        symbol: symbol.wireSymbol,
        notionalCoef: 1,
        brackets: [
          {
            bracket: 1,
            initialLeverage: symbol.maxLeverage,
            notionalCap: NOTIONAL_CAP,
            notionalFloor: 0,
            maintMarginRatio: Number(symbol.maintenanceRate),
            cum: 0,
          },
        ],
      });
      return call.params.text('symbol') === undefined
        ? core.symbols.map(one)
        : [one(market.symbolOf(call.params))];
    },
    symbolConfig(call: Call) {
      const view = core.matching.account(call.account);
      const symbols =
        call.params.text('symbol') === undefined ? core.symbols : [market.symbolOf(call.params)];
      return symbols.map((symbol) => ({
        symbol: symbol.wireSymbol,
        marginType: 'CROSSED',
        isAutoAddMargin: false,
        leverage: leverageOf(view, symbol),
        maxNotionalValue: String(NOTIONAL_CAP),
      }));
    },
    accountConfig: () => ({
      feeTier: 0,
      canTrade: true,
      canDeposit: true,
      canWithdraw: false,
      dualSidePosition: false,
      updateTime: 0,
      multiAssetsMargin: false,
      tradeGroupId: -1,
    }),
    commissionRate(call: Call) {
      const symbol = market.symbolOf(call.params);
      return {
        symbol: symbol.wireSymbol,
        makerCommissionRate: pad(symbol.makerFee, 6),
        takerCommissionRate: pad(symbol.takerFee, 6),
      };
    },
    startListenKey: (call: Call) => ({ listenKey: listenKeys.start(call.apiKey, call.account) }),
    keepListenKey(call: Call) {
      const listenKey = listenKeys.keepAlive(call.apiKey);
      if (listenKey === null) throw new WireError(-1125, 'This listenKey does not exist.');
      return { listenKey };
    },
    closeListenKey(call: Call) {
      listenKeys.close(call.apiKey);
      return {};
    },
  };
}
