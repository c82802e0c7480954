import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract/index';
import { connectPort } from './port-way';
import { connectSocket } from './socket-way';

export type DeskClient = ContractRouterClient<Contract>;

/** What the window knows about its way to the engine. `dropped` says why and when the next try comes. */
export type Way =
  | { readonly kind: 'live'; readonly client: DeskClient }
  | { readonly kind: 'dropped'; readonly why: string; readonly nextTryInMs: number }
  | { readonly kind: 'no-key' };

export interface Connection {
  /** Tries again now instead of at the next planned time. */
  retry(): void;
  /** Ends it. Nothing is told about it from here on, answers under way included. */
  close(): void;
}

/**
 * Opens the way to the engine and keeps it open. In Electron the preload script posts one MessagePort to the
 * page; in a browser the address carries a token after `#t=`, which is traded once for a session and removed.
 *
 * The printed address pasted into a tab that shows the desk already changes the fragment alone: the browser runs no
 * script again, so the page itself must see the new token, or a tab that was reloaded could never be used again.
 */
export function connect(onChange: (way: Way) => void): Connection {
  const token = tokenInAddress();
  let way = token === null ? connectPort(onChange) : connectSocket(token, onChange);
  const take = () => {
    const pasted = tokenInAddress();
    if (pasted === null) return;
    way.close();
    onChange({ kind: 'dropped', why: 'another address was opened', nextTryInMs: 0 });
    way = connectSocket(pasted, onChange);
  };
  window.addEventListener('hashchange', take);
  return {
    retry: () => way.retry(),
    close: () => {
      window.removeEventListener('hashchange', take);
      way.close();
    },
  };
}

const tokenInAddress = () => new URLSearchParams(location.hash.slice(1)).get('t');
