// The high-water mark (rule 21): a small file beside the store that says how far the store once was. A store that has lost its tail,
// or was replaced by an older copy, looks whole in itself; only something outside it can tell.
import { open, readFile, rename } from 'node:fs/promises';

export interface Mark {
  /** Batches written so far. */
  commits: number;
  /** The last entry over all accounts: its id, and the hash that it must have. 0 and '' before the first. */
  entry: number;
  hash: string;
  /** When, epoch milliseconds. */
  at: number;
}

/** The store has less than its mark shows, or something else. */
export class StoreBehindMark extends Error {
  override name = 'StoreBehindMark';
}

/** @throws {StoreBehindMark} where the file can not be read as a mark: then nobody knows how far the store was. */
export async function readMark(file: string): Promise<Mark | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const mark = JSON.parse(text) as Mark;
    if ([mark.commits, mark.entry, mark.at].every(Number.isSafeInteger) && typeof mark.hash === 'string') return mark;
  } catch (cause) {
    throw new StoreBehindMark(`${file} is not a mark`, { cause });
  }
  throw new StoreBehindMark(`${file} is not a mark`);
}

/** Replaces the file by rename, so that a crash leaves the old one or the new one and never half of one. */
export async function writeMark(file: string, mark: Mark): Promise<void> {
  const handle = await open(`${file}.new`, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(mark)}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

/** Writes the newest mark at most a second after a commit, and not more often than once a second. */
export function keepMark(file: string, failed: (error: unknown) => void): { moved(mark: Mark): void; close(): Promise<void> } {
  let newest: Mark | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = (): void => {
    timer = undefined;
    const mark = newest;
    newest = undefined;
    // A mark that can not be written (a full disk) is tried again with the next commit; the ledger itself does not wait for it.
    if (mark !== undefined) writing = writing.then(() => writeMark(file, mark)).catch(failed);
  };

  return {
    moved(mark) {
      newest = mark;
      timer ??= setTimeout(write, EVERY_MS).unref();
    },
    async close() {
      clearTimeout(timer);
      write();
      await writing;
    },
  };
}

// Below the second that the rule allows, with room for the write itself.
const EVERY_MS = 800;
