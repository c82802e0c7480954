import { join } from 'node:path';
import type { Disk } from '../seams/index';

/**
 * Makes the profile folder and proves that it can be written.
 * @throws Error in words
 */
export function makeProfile(disk: Disk, folder: string): void {
  try {
    disk.makeFolder(folder);
    disk.write(join(folder, '.writable'), '');
    disk.remove(join(folder, '.writable'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The profile folder ${folder} cannot be used: ${why}. Choose another with --profile DIR.`,
    );
  }
}
