/**
 * The spot frames of MEXC as protobuf field numbers (proto files of 2026-06-17), as plain data: the adapter reads with
 * them, the practice exchange writes with them. Only the numbers bind; the exchange's readable samples use other names.
 */
export type ProtoKind = 'string' | 'int32' | 'int64' | 'bool';
export interface ProtoField {
  readonly name: string;
  readonly kind: ProtoKind | ProtoMessage;
  readonly repeated?: true;
}
/** Fields by number. */
export type ProtoMessage = Readonly<Record<number, ProtoField>>;

/** All texts, in order of their numbers from `first` on. */
const texts = (names: readonly string[], first = 1): ProtoMessage =>
  Object.fromEntries(names.map((name, at) => [first + at, { name, kind: 'string' as const }]));

const LEVEL = texts(['price', 'quantity']);
const list = (name: string, kind: ProtoMessage): ProtoField => ({ name, kind, repeated: true });
const LEVELS: ProtoMessage = { 1: list('asks', LEVEL), 2: list('bids', LEVEL) };

const DEALS: ProtoMessage = {
  1: list('deals', {
    ...texts(['price', 'quantity']),
    // 1 the taker bought, 2 sold.
    3: { name: 'tradeType', kind: 'int32' },
    4: { name: 'time', kind: 'int64' },
    5: { name: 'tradeId', kind: 'string' },
  }),
  2: { name: 'eventType', kind: 'string' },
};
const AGGRE_DEPTHS: ProtoMessage = {
  ...LEVELS,
  ...texts(['eventType', 'fromVersion', 'toVersion', 'lastOrderCreateTime'], 3),
};
const LIMIT_DEPTHS: ProtoMessage = {
  ...LEVELS,
  ...texts(['eventType', 'version', 'lastOrderCreateTime'], 3),
};
const BOOK_TICKER = texts([
  'bidPrice',
  'bidQuantity',
  'askPrice',
  'askQuantity',
  'version',
  'lastOrderCreateTime',
]);
const KLINE: ProtoMessage = {
  1: { name: 'interval', kind: 'string' },
  // Seconds.
  2: { name: 'windowStart', kind: 'int64' },
  ...texts(['openingPrice', 'closingPrice', 'highestPrice', 'lowestPrice', 'volume', 'amount'], 3),
  9: { name: 'windowEnd', kind: 'int64' },
};
const PRIVATE_DEALS: ProtoMessage = {
  ...texts(['price', 'quantity', 'amount']),
  4: { name: 'tradeType', kind: 'int32' },
  5: { name: 'isMaker', kind: 'bool' },
  6: { name: 'isSelfTrade', kind: 'bool' },
  ...texts(['tradeId', 'clientOrderId', 'orderId', 'feeAmount', 'feeCurrency'], 7),
  12: { name: 'time', kind: 'int64' },
};
const PRIVATE_ORDERS: ProtoMessage = {
  ...texts(['id', 'clientId', 'price', 'quantity', 'amount', 'avgPrice']),
  7: { name: 'orderType', kind: 'int32' },
  8: { name: 'tradeType', kind: 'int32' },
  9: { name: 'isMaker', kind: 'bool' },
  ...texts(
    ['remainAmount', 'remainQuantity', 'lastDealQuantity', 'cumulativeQuantity', 'cumulativeAmount'],
    10,
  ),
  15: { name: 'status', kind: 'int32' },
  16: { name: 'createTime', kind: 'int64' },
};
const PRIVATE_ACCOUNT: ProtoMessage = {
  ...texts([
    'vcoinName',
    'coinId',
    'balanceAmount',
    'balanceAmountChange',
    'frozenAmount',
    'frozenAmountChange',
  ]),
  7: { name: 'type', kind: 'string' },
  8: { name: 'time', kind: 'int64' },
};

/** One binary frame is one of these. */
export const MEXC_FRAME: ProtoMessage = {
  1: { name: 'channel', kind: 'string' },
  3: { name: 'symbol', kind: 'string' },
  4: { name: 'symbolId', kind: 'string' },
  5: { name: 'createTime', kind: 'int64' },
  6: { name: 'sendTime', kind: 'int64' },
  303: { name: 'publicLimitDepths', kind: LIMIT_DEPTHS },
  304: { name: 'privateOrders', kind: PRIVATE_ORDERS },
  306: { name: 'privateDeals', kind: PRIVATE_DEALS },
  307: { name: 'privateAccount', kind: PRIVATE_ACCOUNT },
  308: { name: 'publicSpotKline', kind: KLINE },
  311: { name: 'publicBookTickerBatch', kind: { 1: list('items', BOOK_TICKER) } },
  313: { name: 'publicAggreDepths', kind: AGGRE_DEPTHS },
  314: { name: 'publicAggreDeals', kind: DEALS },
  315: { name: 'publicAggreBookTicker', kind: BOOK_TICKER },
};
