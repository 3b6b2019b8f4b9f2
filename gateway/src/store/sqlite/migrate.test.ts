import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect, type Connection } from './connection.ts';
import { migrate, schemaText, StoreTooNew } from './migrate.ts';

async function withFile(run: (connection: Connection, file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-schema-'));
  const file = join(folder, 'ledger.db');
  const connection = await connect(file, 'write', 0);
  await run(connection, file);
  await connection.close();
  await rm(folder, { recursive: true });
}

test('schema.sql is what the migrations make', async () => {
  await withFile(async (connection, file) => {
    await migrate(connection, file);
    expect(await schemaText(connection)).toBe(await readFile(new URL('./schema.sql', import.meta.url), 'utf8'));
  });
});

test('a file is migrated once', async () => {
  await withFile(async (connection, file) => {
    await migrate(connection, file);
    await connection.run(`INSERT INTO meta VALUES ('commits', 1, 0, '')`);
    await migrate(connection, file);
    expect(await connection.all('SELECT name FROM meta')).toEqual([{ name: 'commits' }]);
  });
});

test('a file of a newer version is refused with a clear word', async () => {
  await withFile(async (connection, file) => {
    await migrate(connection, file);
    await connection.run('PRAGMA user_version = 999');
    await expect(migrate(connection, file)).rejects.toThrow(StoreTooNew);
    await expect(migrate(connection, file)).rejects.toThrow('schema 999');
  });
});

test('the tables refuse what can not be', async () => {
  await withFile(async (connection, file) => {
    await migrate(connection, file);
    const entry = (number: number, after: number): Promise<void> =>
      connection.run(
        `INSERT INTO entries VALUES (${number}, null, 'a', ${number}, 'grant', 5, 0, ${after}, 1, null, 'g', '[]', '', '', '')`,
      );
    await expect(entry(1, 6)).rejects.toThrow('CHECK');
    await entry(1, 5);
    await expect(connection.run('UPDATE entries SET note = 1')).rejects.toThrow('append-only');
    await expect(connection.run('DELETE FROM entries')).rejects.toThrow('append-only');
    await expect(connection.run(`INSERT INTO accounts VALUES ('a', 5, 6, 0, '', null)`)).rejects.toThrow('CHECK');
    const end = `INSERT INTO batches (ends) VALUES ('[[1, "settled", 1, [], 0, 0, 1, {}, 0, "d"]]')`;
    await expect(connection.run(end)).rejects.toThrow('ends.lease_until');
  });
});
