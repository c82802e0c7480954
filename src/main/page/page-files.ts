import { join } from 'node:path';
import type { Disk } from '../seams/index';

export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  woff: 'font/woff',
};

/** Files that keep their names in the build, so its list does not hold them. */
const UNHASHED = ['icon.svg', 'popout.html'];

interface ManifestEntry {
  readonly file: string;
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
}

/**
 * The built page, by path. The list is fixed by the build's manifest, so no request can name any other file.
 * @throws Error when the renderer was not built
 */
export function loadPageFiles(disk: Disk, folder: string): ReadonlyMap<string, PageFile> {
  const manifest = disk.read(join(folder, 'manifest.json'));
  if (!manifest) throw new Error('The screen is not built yet. Run: npm run build');
  const names = new Set<string>(['index.html', ...UNHASHED]);
  for (const entry of Object.values(
    JSON.parse(Buffer.from(manifest).toString('utf8')) as Record<string, ManifestEntry>,
  )) {
    for (const name of [entry.file, ...(entry.css ?? []), ...(entry.assets ?? [])]) names.add(name);
  }
  const files = new Map<string, PageFile>();
  for (const name of names) {
    const body = disk.read(join(folder, name));
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (body && type) files.set(`/${name}`, { type, body });
  }
  files.set('/', files.get('/index.html') as PageFile);
  return files;
}
