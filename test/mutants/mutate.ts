// Makes a copy of the ledger with one change in it, as a slip of the hand would have made it.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { OpenLedger } from '../model/in-memory.ts';
import type { Mutant } from './mutants.ts';

const SOURCE = join(import.meta.dirname, '../../gateway/src');
const COPIES = join(import.meta.dirname, '../.mutants');

/**
 * Opens ledgers of the changed copy.
 * @throws {Error} where the text to change is not found exactly once: the ledger was rewritten and the mutant has to follow.
 */
export async function mutate({ name, file, find, put }: Mutant): Promise<OpenLedger> {
  await mkdir(COPIES, { recursive: true });
  // A folder of its own for each run: two runs of the suite at once must not change each other's copies.
  const copy = await mkdtemp(join(COPIES, `${name.replaceAll(' ', '-')}-`));
  try {
    const ledger = join(copy, 'ledger');
    await cp(join(SOURCE, 'ledger'), ledger, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
    // The ids of people and places, which the ledger reads, as they are.
    await symlink(join(SOURCE, 'people'), join(copy, 'people'));
    const text = await readFile(join(ledger, file), 'utf8');
    const found = text.split(find).length - 1;
    if (found !== 1) throw new Error(`the mutant "${name}" no longer applies: its text is ${found} times in ${file}`);
    await writeFile(
      join(ledger, file),
      text.replace(find, () => put),
    );
    return ((await import(pathToFileURL(join(ledger, 'commit.ts')).href)) as { openLedger: OpenLedger }).openLedger;
  } finally {
    await rm(copy, { recursive: true });
  }
}
