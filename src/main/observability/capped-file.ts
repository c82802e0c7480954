import type { Disk } from '../seams/seams';

/**
 * Appends lines to a file of bounded size: at the cap it becomes `<file>.1`, replacing the one before. A disk that
 * refuses costs lines, not the caller: they are counted and the count is written when writing works again.
 */
export function createCappedFile(disk: Disk, file: string, maxBytes: number) {
  let lost = 0;
  let size: number | null = null;

  function turnOver(): void {
    const full = disk.read(file);
    if (full !== null) disk.write(`${file}.1`, full, 0o600);
    disk.remove(file);
    size = 0;
  }

  return {
    write(line: string): void {
      try {
        const text =
          lost === 0
            ? line
            : `{"level":"warn","text":"${lost} log lines were lost: the disk refused"}\n${line}`;
        size ??= disk.read(file)?.length ?? 0;
        const bytes = Buffer.byteLength(text);
        if (size > 0 && size + bytes > maxBytes) turnOver();
        disk.append(file, text);
        size = (size ?? 0) + bytes;
        lost = 0;
      } catch {
        lost += 1;
        size = null;
      }
    },
  };
}
