// Compares a store with the mark beside it (rule 21).
import type { Connection } from './connection.ts';
import { readMark, StoreBehindMark, type Mark } from './mark.ts';

/**
 * What the store has lost since its mark was written, for people; undefined where nothing is lost.
 * @param here how far the store is
 */
export async function whatIsLost(file: string, connection: Connection, here: Omit<Mark, 'at'>): Promise<string | undefined> {
  let mark: Mark | undefined;
  try {
    mark = await readMark(`${file}.mark`);
  } catch (error) {
    if (error instanceof StoreBehindMark) return error.message;
    throw error;
  }
  if (mark === undefined) return undefined;
  const seen = `at ${new Date(mark.at).toISOString()} it had ${mark.commits} commits and ${mark.entry} entries`;
  if (here.commits < mark.commits || here.entry < mark.entry) return `${seen}, now it has ${here.commits} and ${here.entry}`;
  const row = await connection.get<{ hash: string }>('SELECT hash FROM entries WHERE id = ?', [mark.entry]);
  return (row?.hash ?? '') === mark.hash ? undefined : `${seen}, and its entry ${mark.entry} is another one now`;
}
