import type { Frame, LinkProtocol } from '#main/connectivity/types';
import type { MarketKind } from '#shared/domain/exchange';
import { type Fields, fieldsOf } from '../core/fields';

/** Both markets ping and pong in words of their own. */
export function heartbeat(market: MarketKind, nowMs: () => number): NonNullable<LinkProtocol['heartbeat']> {
  const section = market === 'spot' ? 'spot' : 'futures';
  return {
    pingEveryMs: 15_000,
    pongWithinMs: 10_000,
    frame: () => JSON.stringify({ time: Math.floor(nowMs() / 1_000), channel: `${section}.ping` }),
    isPong: (data: Frame) => typeof data === 'string' && data.includes(`"${section}.pong"`),
  };
}

/** Gate says that it will close this connection. One source writes service_upgrade, futures wrap it in a channel. */
export function isFarewell(frame: Fields): boolean {
  if (frame.type === 'upgrade' || frame.type === 'service_upgrade') return true;
  return frame.channel === 'futures.system' && frame.event === 'upgrade';
}

/** Why a subscription was refused, or null when it was not. Older replies carry `error: null` on success. */
export function refusalOf(frame: Fields): { readonly code: string; readonly message: string } | null {
  if (frame.error === undefined || frame.error === null) {
    const { status } = typeof frame.result === 'object' ? ((frame.result ?? {}) as Fields) : {};
    return status === 'fail' ? { code: '', message: 'refused without words' } : null;
  }
  const { code, message } = fieldsOf(frame.error, 'error');
  return { code: String(code ?? ''), message: innerMessage(message) };
}

/** The message of a failed sign-in is itself a JSON text. */
function innerMessage(message: unknown): string {
  const text = String(message ?? '').trim();
  try {
    const inner = JSON.parse(text) as { label?: unknown; message?: unknown };
    if (typeof inner === 'object' && inner !== null && inner.label !== undefined)
      return `${String(inner.label)}: ${String(inner.message ?? '')}`;
  } catch {
    // Plain words.
  }
  return text.slice(0, 200);
}
