// Makes a copy of the ledger with one change in it, as a slip of the hand would have made it.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { OpenLedger } from '../model/in-memory.ts';
import type { Mutant } from './mutants.ts';

const LEDGER = join(import.meta.dirname, '../../gateway/src/ledger');
const COPIES = join(import.meta.dirname, '../.mutants');

/**
 * Opens ledgers of the changed copy.
 * @throws {Error} where the text to change is not found exactly once: the ledger was rewritten and the mutant has to follow.
 */
export async function mutate({ name, file, find, put }: Mutant): Promise<OpenLedger> {
  await mkdir(COPIES, { recursive: true });
  // A folder of its own for each run: two runs of the suite at once must not change each other's copies.
  const copy = await mkdtemp(join(COPIES, `${name.replaceAll(' ', '-')}-`));
  await cp(LEDGER, copy, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  const text = await readFile(join(copy, file), 'utf8');
  const found = text.split(find).length - 1;
  if (found !== 1) throw new Error(`the mutant "${name}" no longer applies: its text is ${found} times in ${file}`);
  await writeFile(
    join(copy, file),
    text.replace(find, () => put),
  );
  const changed = (await import(pathToFileURL(join(copy, 'commit.ts')).href)) as { openLedger: OpenLedger };
  await rm(copy, { recursive: true });
  return changed.openLedger;
}
