// Brings a file to the newest schema: numbered SQL files, each once, all in one transaction.
import { readdir, readFile } from 'node:fs/promises';
import type { Connection } from './connection.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** The file was written by a newer Tollgate than this one. */
export class StoreTooNew extends Error {
  override name = 'StoreTooNew';
}

/**
 * Runs the migrations that the file has not seen yet. Its version is SQLite's own `user_version`.
 * @throws {StoreTooNew}
 */
export async function migrate(connection: Connection, file: string): Promise<void> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  const version = await schemaVersion(connection);
  if (version > names.length) {
    throw new StoreTooNew(
      `${file} has schema ${version}, and this Tollgate knows ${names.length}: start the version that wrote it.`,
    );
  }
  if (version === names.length) return;
  await connection.run('BEGIN IMMEDIATE');
  try {
    for (const name of names.slice(version)) await connection.exec(await readFile(new URL(name, FOLDER), 'utf8'));
    await connection.run(`PRAGMA user_version = ${names.length}`);
    await connection.run('COMMIT');
  } catch (cause) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw new Error(`${file} could not be brought to schema ${names.length}`, { cause });
  }
}

/** Everything that the schema consists of, as SQL, for the committed copy of it. */
export async function schemaText(connection: Connection): Promise<string> {
  const rows = await connection.all<{ sql: string }>(
    `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'trigger', type = 'view', tbl_name, type = 'index', name`,
  );
  return rows.map(({ sql }) => `${sql};\n`).join('\n');
}

async function schemaVersion(connection: Connection): Promise<number> {
  const row = await connection.get<{ user_version: number }>('PRAGMA user_version');
  return row?.user_version ?? 0;
}
