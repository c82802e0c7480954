import { gunzipSync } from 'node:zlib';
import type { Disk } from './seams';

const BLOCK = 64 * 1024;

export interface SimulatedDisk extends Disk {
  /** While set, every write throws this text, like a full disk would. */
  fail(text: string | null): void;
  paths(): readonly string[];
}

/** Files in memory. */
export function createSimulatedDisk(): SimulatedDisk {
  const files = new Map<string, Uint8Array>();
  let failure: string | null = null;
  const toBytes = (data: Uint8Array | string): Uint8Array =>
    typeof data === 'string' ? new TextEncoder().encode(data) : data.slice();
  const put = (path: string, data: Uint8Array): void => {
    if (failure !== null) throw new Error(`cannot write ${path}: ${failure}`);
    files.set(path, data);
  };
  return {
    read: (path) => files.get(path)?.slice() ?? null,
    write: (path, data) => put(path, toBytes(data)),
    append: (path, data) => {
      const old = files.get(path) ?? new Uint8Array();
      const added = toBytes(data);
      const whole = new Uint8Array(old.length + added.length);
      whole.set(old);
      whole.set(added, old.length);
      put(path, whole);
    },
    remove: (path) => void files.delete(path),
    exists: (path) => files.has(path) || [...files.keys()].some((known) => known.startsWith(`${path}/`)),
    makeFolder: () => {},
    list: (folder) =>
      [
        ...new Set(
          [...files.keys()]
            .filter((path) => path.startsWith(`${folder}/`))
            .map((path) => path.slice(folder.length + 1).split('/')[0]!),
        ),
      ].sort(),
    async *stream(path) {
      const stored = files.get(path);
      if (stored === undefined) throw new Error(`cannot read ${path}: there is no such file`);
      const data = stored[0] === 0x1f && stored[1] === 0x8b ? new Uint8Array(gunzipSync(stored)) : stored;
      for (let at = 0; at < data.length; at += BLOCK) yield data.subarray(at, at + BLOCK);
    },
    fail: (text) => {
      failure = text;
    },
    paths: () => [...files.keys()].sort(),
  };
}
