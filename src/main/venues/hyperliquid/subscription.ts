import { fieldsOrEmpty, tryJson } from '../core/answer';

/** What an acknowledgement says: the subscription with its defaults filled in. */
export interface SubscriptionName {
  readonly type: string | null;
  readonly coin: string | null;
  readonly interval: string | null;
  readonly user: string | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function readSubscription(value: unknown): SubscriptionName {
  const { type, coin, interval, user } = fieldsOrEmpty(value);
  return { type: text(type), coin: text(coin), interval: text(interval), user: text(user) };
}

/** {"method":"subscribe","subscription":{…}} of a subscriptionResponse. */
export function readAcknowledgement(data: unknown): { method: string; subscription: unknown } | null {
  const { method, subscription } = fieldsOrEmpty(data);
  return typeof method === 'string' ? { method, subscription } : null;
}

/**
 * An error frame has no number: the refused subscription stands in its text, as in
 * `Invalid subscription {"type":"trades","coin":"XYZ"}`. Null where it names none.
 */
export function subscriptionInText(data: unknown): unknown {
  const words = typeof data === 'string' ? data : '';
  const from = words.indexOf('{');
  return from < 0 ? null : (tryJson(words.slice(from)) ?? null);
}

/** "Already subscribed: {…}" and "Already unsubscribed: {…}": what was asked for is so already. */
export const isAlready = (data: unknown): boolean => typeof data === 'string' && /^Already /.test(data);
