// Brings a file to the newest schema: numbered steps, each once, all in one transaction.
import { readFile } from 'node:fs/promises';
import type { Connection } from './connection.ts';
import { moveKeys } from './migrations/0003-keys.ts';

/** What a step may need to know of the gateway. */
export interface MigrateOptions {
  /** The gateway's first organization: what was kept before there were several is its. */
  organization?: string | undefined;
}

type Step = (connection: Connection, options: MigrateOptions) => Promise<void>;

/** In their order, which never changes: a file's version is how many of them it has seen. */
const STEPS: readonly Step[] = [
  statements('0001_ledger.sql'),
  statements('0002_credits.sql'),
  moveKeys,
  statements('0004_extra.sql'),
  statements('0005_found.sql'),
];

/** The file was written by a newer Tollgate than this one. */
export class StoreTooNew extends Error {
  override name = 'StoreTooNew';
}

/** The file was written by an older Tollgate, and is only to be read here. */
export class StoreTooOld extends Error {
  override name = 'StoreTooOld';
}

/**
 * Runs the steps that the file has not seen yet. Its version is SQLite's own `user_version`.
 * @throws {StoreTooNew}
 */
export async function migrate(connection: Connection, file: string, options: MigrateOptions = {}): Promise<void> {
  const version = await schemaVersion(connection, file);
  if (version === STEPS.length) return;
  await connection.run('BEGIN IMMEDIATE');
  try {
    for (const step of STEPS.slice(version)) await step(connection, options);
    await connection.run(`PRAGMA user_version = ${STEPS.length}`);
    await connection.run('COMMIT');
  } catch (cause) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw new Error(`${file} could not be brought to schema ${STEPS.length}`, { cause });
  }
}

/**
 * For whoever only reads.
 * @throws {StoreTooNew}
 * @throws {StoreTooOld}
 */
export async function checkSchema(connection: Connection, file: string): Promise<void> {
  const version = await schemaVersion(connection, file);
  if (version < STEPS.length) {
    throw new StoreTooOld(`${file} has schema ${version}, and this Tollgate needs ${STEPS.length}: start it once on this file.`);
  }
}

/** Everything that the schema consists of, as SQL, for the committed copy of it. */
export async function schemaText(connection: Connection): Promise<string> {
  const rows = await connection.all<{ sql: string }>(
    `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'trigger', type = 'view', tbl_name, type = 'index', name`,
  );
  return rows.map(({ sql }) => `${sql};\n`).join('\n');
}

function statements(name: string): Step {
  return async (connection) => {
    await connection.exec(await readFile(new URL(`./migrations/${name}`, import.meta.url), 'utf8'));
  };
}

async function schemaVersion(connection: Connection, file: string): Promise<number> {
  const version = (await connection.get<{ user_version: number }>('PRAGMA user_version'))?.user_version ?? 0;
  if (version > STEPS.length) {
    throw new StoreTooNew(
      `${file} has schema ${version}, and this Tollgate knows ${STEPS.length}: start the version that wrote it.`,
    );
  }
  return version;
}
