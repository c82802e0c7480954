import type { Protocol } from 'electron';
import { loadPageFiles, SECURITY_HEADERS } from '../page/index';
import type { Disk } from '../seams/index';

/** The page's only address. `file://` is never used. */
export const PAGE_URL = 'app://wavedesk/index.html';

/** Must run before the app is ready. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers app://wavedesk/… from the fixed list of built files, and nothing else. */
export function servePage(protocol: Protocol, disk: Disk, folder: string): void {
  const files = loadPageFiles(disk, folder);
  protocol.handle('app', (request) => {
    const url = new URL(request.url);
    const file = url.host === 'wavedesk' && request.method === 'GET' ? files.get(url.pathname) : undefined;
    if (!file) return new Response('No such page.', { status: 404, headers: SECURITY_HEADERS });
    return new Response(file.body as Uint8Array<ArrayBuffer>, {
      headers: { ...SECURITY_HEADERS, 'content-type': file.type },
    });
  });
}
