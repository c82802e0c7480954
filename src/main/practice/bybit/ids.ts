/**
 * Ids as Bybit has them: uuids on contracts, long digits on spot, which no number holds exactly. Each tells the
 * engine's id, so that nothing has to be remembered.
 */
const SPOT_ORDER_BASE = 1_321_000_000_000_000_000n;
const SPOT_FILL_BASE = 2_290_000_000_000_000_000n;
const FUTURE_ORDER = '9aac161b-8ed6-450d-9cab-';

const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(digits, '0').slice(-digits);

export const orderIdOf = (kind: 'spot' | 'future', orderId: number): string =>
  kind === 'spot' ? String(SPOT_ORDER_BASE + BigInt(orderId)) : `${FUTURE_ORDER}${hex(orderId, 12)}`;

/** The engine's id; undefined for an id that is none of ours. */
export function readOrderId(kind: 'spot' | 'future', text: string): number | undefined {
  if (kind === 'future')
    return text.startsWith(FUTURE_ORDER) && /^[0-9a-f]{12}$/.test(text.slice(FUTURE_ORDER.length))
      ? Number.parseInt(text.slice(FUTURE_ORDER.length), 16)
      : undefined;
  if (!/^\d{19}$/.test(text)) return undefined;
  const id = BigInt(text) - SPOT_ORDER_BASE;
  return id >= 0n && id < 1_000_000_000_000n ? Number(id) : undefined;
}

/** Trade ids count by symbol, so the symbol's place is in it; one trade is a fill of each of its two orders. */
export const execIdOf = (
  kind: 'spot' | 'future',
  place: number,
  fill: { readonly tradeId: number; readonly orderId: number },
): string =>
  kind === 'spot'
    ? String(
        SPOT_FILL_BASE +
          BigInt(place) * 10n ** 14n +
          BigInt(fill.tradeId) * 1_000n +
          BigInt(fill.orderId % 1_000),
      )
    : `${hex(fill.orderId, 8)}-${hex(place, 4)}-4d3a-9b30-${hex(fill.tradeId, 12)}`;
