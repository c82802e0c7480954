import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  createReadStream,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Disk } from './seams';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this account has no right to it',
  EPERM: 'this account has no right to it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  Z_BUF_ERROR: 'the gzip data ends too early',
  Z_DATA_ERROR: 'the gzip data is damaged',
};

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? '');
const inWords = (doing: string, path: string, cause: unknown): Error =>
  Object.assign(new Error(`cannot ${doing} ${path}: ${WORDS[codeOf(cause)] ?? String(cause)}`, { cause }), {
    code: codeOf(cause),
  });
const attempt = <T>(doing: string, path: string, run: () => T): T => {
  try {
    return run();
  } catch (error) {
    throw inWords(doing, path, error);
  }
};

function syncFolder(folder: string): void {
  // Windows cannot open folders; its rename is durable on its own.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeWhole(path: string, data: Uint8Array | string, mode: number): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const beside = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = openSync(beside, 'wx', mode);
  try {
    try {
      writeFileSync(handle, data);
      fchmodSync(handle, mode);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  syncFolder(folder);
}

function isGzip(path: string): boolean {
  const handle = openSync(path, 'r');
  try {
    const head = new Uint8Array(2);
    return readSync(handle, head, 0, 2, 0) === 2 && head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    closeSync(handle);
  }
}

async function* blocks(path: string): AsyncGenerator<Uint8Array> {
  try {
    const packed = isGzip(path);
    const file = createReadStream(path, { highWaterMark: 256 * 1024 });
    // The callback takes errors that arrive after a reader has stopped early.
    const source = packed ? pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => {}) : file;
    for await (const block of source) yield block as Uint8Array;
  } catch (error) {
    throw inWords('read', path, error);
  }
}

/** Files on this machine. Everything thrown says in words which file and why, and carries the system's `code`. */
export const createRealDisk = (): Disk => ({
  read: (path) => {
    try {
      return readFileSync(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw inWords('read', path, error);
    }
  },
  // Ours alone unless the caller says otherwise: these files tell what somebody owns.
  write: (path, data, mode = 0o600) => attempt('write', path, () => writeWhole(path, data, mode)),
  append: (path, data) =>
    attempt('write', path, () => {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, data, { mode: 0o600 });
    }),
  remove: (path) => attempt('remove', path, () => rmSync(path, { force: true })),
  exists: existsSync,
  makeFolder: (path) => attempt('make the folder', path, () => void mkdirSync(path, { recursive: true })),
  list: (folder) => (existsSync(folder) ? attempt('list', folder, () => readdirSync(folder).sort()) : []),
  stream: blocks,
});
