import type { GateInstrument } from '#main/venues/gateio/symbols';
import { decodeInstruments } from '#main/venues/gateio/symbols';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import type { OrderRequest } from '#shared/domain/order';

/** Rows of GET /futures/usdt/contracts, shortened to what is read. */
export const CONTRACTS = ['BTC', 'ETH'].map((base) => ({
  name: `${base}_USDT`,
  type: 'direct',
  quanto_multiplier: '0.0001',
  order_price_round: '0.1',
  order_size_min: 1,
  order_size_max: 1_000_000,
  risk_limit_max: '1000000',
  enable_decimal: false,
  in_delisting: false,
  status: 'trading',
}));
/** Rows of GET /spot/currency_pairs. */
export const PAIRS = ['BTC', 'ETH'].map((base) => ({
  id: `${base}_USDT`,
  base,
  quote: 'USDT',
  fee: '0.2',
  min_base_amount: '0.0001',
  min_quote_amount: '3',
  max_quote_amount: '5000000',
  amount_precision: 4,
  precision: 1,
  trade_status: 'tradable',
}));
export const FUTURE: GateInstrument = decodeInstruments(CONTRACTS, 'future')[0]!;
export const SPOT: GateInstrument = decodeInstruments(PAIRS, 'spot')[0]!;

export const order = (of: GateInstrument, over: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'w7k2p-s34h1-e1' as ClientOrderId,
  venue: `gateio_${of.market}`,
  symbol: of.symbol,
  side: 'buy',
  type: 'market',
  amount: '0.01' as Decimal,
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
  ...over,
});
