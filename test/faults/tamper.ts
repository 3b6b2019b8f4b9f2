// Changes one value of a stopped store by hand, as someone would who has the file and SQLite's shell.
import { withDatabase, type All } from '../hammer/ledger-rows.ts';

export interface Column {
  table: string;
  column: string;
  type: string;
  /** Rows that the table has. */
  rows: number;
}

/** Every column of every table that has rows. */
export async function columnsOf(file: string): Promise<Column[]> {
  return await withDatabase(file, async (all) => {
    const tables = await all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    const columns: Column[] = [];
    for (const { name } of tables) {
      const [count] = await all<{ rows: number }>(`SELECT count(*) AS rows FROM ${name}`);
      const found = await all<{ name: string; type: string }>(`SELECT name, type FROM pragma_table_info('${name}')`);
      if (count !== undefined && count.rows > 0)
        columns.push(...found.map(({ name: column, type }) => ({ table: name, column, type, rows: count.rows })));
    }
    return columns;
  });
}

/** Changes the column in the row at this place, past every constraint and trigger that would object. Returns what was changed to what. */
export async function changeValue(file: string, { table, column, type }: Column, row: number): Promise<string> {
  return await withDatabase(
    file,
    async (all) => {
      await all('PRAGMA ignore_check_constraints = ON');
      const before = await keysAt(all, table, row);
      const place = before.map(({ name }) => `"${name}" IS ?`).join(' AND ');
      const values = before.map(({ value }) => value);
      const changed = type === 'INTEGER' ? `coalesce("${column}", 41) + 1` : `coalesce("${column}", '') || 'x'`;
      const triggers = await all<{ name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
        [table],
      );
      for (const { name } of triggers) await all(`DROP TRIGGER ${name}`);
      const [old] = await all<{ value: unknown }>(`SELECT "${column}" AS value FROM ${table} WHERE ${place}`, values);
      await all(`UPDATE ${table} SET "${column}" = ${changed} WHERE ${place}`, values);
      for (const { sql } of triggers) await all(sql);
      return `${table}.${column} of row ${row}, which was ${JSON.stringify(old?.value)?.slice(0, 80)}`;
    },
    'write',
  );
}

/** The primary key of the nth row. */
async function keysAt(all: All, table: string, row: number): Promise<{ name: string; value: unknown }[]> {
  const keys = await all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`);
  const names = keys.map(({ name }) => `"${name}"`).join(', ');
  const [found] = await all<Record<string, unknown>>(`SELECT ${names} FROM ${table} ORDER BY ${names} LIMIT 1 OFFSET ${row}`);
  return keys.map(({ name }) => ({ name, value: found?.[name] }));
}
