import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { Connection, Way } from './client';

const PORT_WITHIN_MS = 1500;

/** The way inside Electron: a port that the preload script posts. In a browser none comes, and that is "no key". */
export function connectPort(onChange: (way: Way) => void): Connection {
  let open: MessagePort | undefined;
  const give = (event: MessageEvent) => {
    const port = event.ports[0];
    const ours = event.source === window && event.data?.type === 'wavedesk-port';
    if (!ours || port === undefined) return;
    clearTimeout(giveUp);
    open?.close();
    open = port;
    port.start();
    port.addEventListener('close', () => onChange({ kind: 'dropped', why: 'port closed', nextTryInMs: 0 }));
    onChange({ kind: 'live', client: createORPCClient(new RPCLink({ port })) });
  };
  window.addEventListener('message', give);
  const giveUp = setTimeout(() => {
    if (location.protocol.startsWith('http')) onChange({ kind: 'no-key' });
  }, PORT_WITHIN_MS);
  return {
    retry: () => undefined,
    close: () => {
      clearTimeout(giveUp);
      window.removeEventListener('message', give);
      open?.close();
    },
  };
}
