// How SQLite goes about what is read often: through an index, however many rows there are. Asked of SQLite itself for each statement that
// the store makes.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCharges } from './charges.ts';
import type { Connection, SqlValue } from './connection.ts';
import { connect } from './connection.ts';
import { keepEvents } from './events.ts';
import { readExtra } from './extra.ts';
import { lists } from './lists.ts';
import { migrate } from './migrate.ts';
import { readNamed, readTouched } from './read-rows.ts';
import { readAudits, readPeriods, readRecords } from './records.ts';
import { Rows } from './rows.ts';
import { readTold } from './told.ts';
import type { Writer } from './writer.ts';

let database: Connection;
beforeAll(async () => {
  database = await connect(':memory:', 'write', 0);
  await migrate(database, ':memory:');
});
afterAll(() => database.close());

/** Runs it on the empty tables and returns each step of its statements. */
async function stepsOf(read: (connection: Connection) => Promise<unknown>): Promise<string[]> {
  const steps: string[] = [];
  async function explain(sql: string, values: readonly SqlValue[] = []): Promise<void> {
    const plan = await database.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, values);
    steps.push(...plan.map(({ detail }) => detail));
  }
  await read({
    ...database,
    async all<Row extends object>(sql: string, values?: readonly SqlValue[]) {
      await explain(sql, values);
      return await database.all<Row>(sql, values);
    },
    async get<Row extends object>(sql: string, values?: readonly SqlValue[]) {
      await explain(sql, values);
      return await database.get<Row>(sql, values);
    },
  });
  return steps;
}

/** The steps that go through all rows of a table or an index. */
async function scansOf(read: (connection: Connection) => Promise<unknown>): Promise<string[]> {
  return (await stepsOf(read)).filter((step) => step.startsWith('SCAN') && !EXPECTED.test(step));
}

// JSON that a statement is given, what it has counted out itself, and open calls, which are few.
const EXPECTED = /VIRTUAL TABLE|^SCAN (?:h|first|p|b|hours|search|CONSTANT ROW)$/;

const events = (connection: Connection) => keepEvents({} as Writer, connection);
const page = { after: 7, limit: 9 };

test.each<[string, (connection: Connection) => Promise<unknown>]>([
  ['a record', (on) => readRecords(on).record('seat', 'a/1')],
  ['a record by its other name', (on) => readRecords(on).recordByLookup('key', 'hash')],
  ['records of an organization', (on) => readRecords(on).records('seat', { organization: 'a', after: 'a/1', limit: 9 })],
  ['records of a user', (on) => readRecords(on).records('key', { organization: 'a', user: 'u', after: 'a_1', limit: 9 })],
  ['records by prefix', (on) => readRecords(on).records('place', { prefix: 'a/main/' })],
  [
    'the audit of an organization',
    (on) => readAudits(on).audits({ organization: 'a', action: 'x', by: 'k', before: 9, limit: 9 }),
  ],
  ['the audit of a subject', (on) => readAudits(on).audits({ organization: 'a', subject: { kind: 'seat', id: '1' }, limit: 9 })],
  ['accounts whose period has ended', (on) => readPeriods(on).endedAllowances(1, 9, { id: 'pool:a', until: 0 })],
  ['events of a workspace', (on) => events(on).events({ ...page, organization: 'a', workspace: 'a/x', types: ['y'] })],
  ['all events', (on) => events(on).events(page)],
  ['due deliveries', (on) => events(on).dueDeliveries(1, 9, ['w'])],
  ['deliveries of a webhook', (on) => events(on).deliveries({ webhook: 'w', before: 'x', limit: 9 })],
  ['dead deliveries', (on) => events(on).deliveries({ webhook: 'w', state: 'dead', limit: 9 })],
  ['a call', (on) => lists(on, on).call('c')],
  ['calls of an operation in a workspace', (on) => lists(on, on).calls({ workspaces: ['a/x'], operation: 'o', limit: 9 })],
  ['calls of a chain', (on) => lists(on, on).calls({ chain: 'c', user: 'u', limit: 9 })],
  [
    'calls of a run',
    (on) => lists(on, on).calls({ labels: { run: 'r' }, workspaces: ['a/x'], user: 'u', state: 'open', limit: 9 }),
  ],
  ['the open call of a job', (on) => lists(on, on).openCallOfJob('s', 'j')],
  ['a statement', (on) => lists(on, on).entries('pool:a', { before: 70, limit: 9 })],
  ['the grants of an account', (on) => lists(on, on).grantsOf('pool:a')],
  ['recent quantities', (on) => lists(on, on).recentQuantities('o', 'a/x', 9)],
  ['extra windows', (on) => readExtra(on).extraWindows('a')],
  ['extra credits drawn', (on) => readExtra(on).extraDrawn('extra:a', 0, 9)],
  ['charges since', (on) => readTold(on).charged({ after: 0, upTo: 9, organizations: ['a'] })],
  [
    'charges by hour in workspaces',
    (on) => readCharges(on).charges({ by: 'hour', workspaces: ['a/x', 'a/y'], from: 0, until: 7_200_000 }),
  ],
  ['charges to a moment', (on) => readCharges(on).chargesToMoments([1_800_000], { workspaces: ['a/x'], keys: ['k'] }, 9)],
  [
    'charges by reason of keys',
    (on) => readCharges(on).charges({ by: 'reason', workspaces: ['a/x'], keys: ['k'], from: 0, until: 7_200_000 }),
  ],
  ['charges by hour', (on) => readTold(on).hourlyCharges('a', { from: 0, until: 7_200_000 })],
])('%s', async (_, read) => {
  expect(await scansOf(read)).toEqual([]);
});

test.each<[string, (connection: Connection) => Promise<unknown>, string]>([
  ['open holds are looked through, and not the calls of the workspace', (on) => readPeriods(on).openHolds('a/x'), 'SCAN h'],
  [
    'a chain by its root and by what names it, and not the calls of the workspace',
    (on) => lists(on, on).calls({ chain: 'c', workspaces: ['a/x'], key: 'k', operation: 'o', limit: 9 }),
    'calls_chain',
  ],
  [
    'charges of a key, hour by hour',
    (on) => readCharges(on).charges({ by: 'reason', workspaces: ['a/x'], keys: ['k'], from: 0, until: 7_200_000 }),
    'SEARCH r USING PRIMARY KEY (hour=? AND workspace=? AND key=?)',
  ],
  [
    'the run of a scenario',
    (on) => lists(on, on).calls({ labels: { scenario: 's', run: 'r' }, workspaces: ['a/x'], limit: 9 }),
    'calls_run (<expr>=? AND workspace=?)',
  ],
  [
    'a module in several workspaces',
    (on) => lists(on, on).calls({ labels: { module: 'm' }, workspaces: ['a/x', 'a/y'], limit: 9 }),
    'calls_module (<expr>=? AND workspace=?)',
  ],
  [
    'a scenario, wherever it ran',
    (on) => lists(on, on).calls({ labels: { scenario: 's' }, organization: 'a', limit: 9 }),
    'calls_scenario (<expr>=?)',
  ],
  [
    'records of a user, and not all of the organization',
    (on) => readRecords(on).records('key', { organization: 'a', user: 'u', after: 'a_1', limit: 9 }),
    'records_user (kind=? AND organization=? AND <expr>=? AND id>?)',
  ],
  [
    'events of an organization, and not all events since',
    (on) => events(on).events({ ...page, organization: 'a' }),
    'events_organization',
  ],
  [
    'the audit of a subject, and not all of its organization',
    (on) => readAudits(on).audits({ organization: 'a', subject: { kind: 'seat', id: '1' }, limit: 9 }),
    'audits_subject',
  ],
])('%s', async (_, read, expected) => {
  expect((await stepsOf(read)).join('; ')).toContain(expected);
});

test('records of an organization are found among those that are there, however many are gone', async () => {
  const steps = await stepsOf((on) => readRecords(on).records('pairing', { organization: 'a', limit: 9 }));
  expect(steps.join('; ')).toContain('records_organization (kind=? AND organization=?)');
  const index = await database.get<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE name = 'records_organization'");
  expect(index?.sql).toMatch(/WHERE body IS NOT NULL$/);
});

test('what a batch touches', async () => {
  const one = new Set(['x']);
  const two = new Map([['seat x', ['seat', 'x'] as const]]);
  const touched = { accounts: one, windows: one, claims: one, allowances: one, records: two, lookups: two };
  expect(await scansOf((on) => readNamed(on, new Rows(9), { calls: one, grants: one, corrections: one }))).toEqual([]);
  expect(await scansOf((on) => readTouched(on, new Rows(9), touched))).toEqual([]);
});
