// The sweep that gives what is due: what it could not read or give is not forgotten.
import { expect, test } from 'vitest';
import type { AllowCommand } from '../../gateway/src/ledger/commands.ts';
import { LedgerUnavailable, type Ledger } from '../../gateway/src/ledger/ledger.ts';
import type { StoredRecord } from '../../gateway/src/ledger/rows.ts';
import { openOrganizations } from '../../gateway/src/payer/organizations.ts';
import { startTurn } from '../../gateway/src/payer/turn.ts';
import type { Directory } from '../../gateway/src/people/directory.ts';
import type { Workspace } from '../../gateway/src/people/documents.ts';
import { SAMPLE_CARD, samplePayer } from './sample.ts';

const AT = Date.parse('2026-03-10T12:00:00Z');

/** An organization that has just come to a plan, and one who has just come to a seat of it. */
function world(fails: { lists: number; runs: number }, plan = 'team', workspaces: readonly Workspace[] = []) {
  const { organization, user, seat } = samplePayer({ organization: { plan }, seat: plan === 'team' ? 'pro' : null });
  const kept = (body: unknown) => Promise.resolve(body === undefined ? undefined : { body, version: 1, at: 0 });
  const found: Record<string, unknown> = { organization, user };
  const directory = {
    get: (kind: string) => kept(found[kind]),
    byLookup: () => kept(seat ?? undefined),
    list: (kind: string) => {
      if ((fails.lists -= 1) >= 0) return Promise.reject(new Error('busy'));
      return Promise.resolve(kind === 'workspace' ? workspaces.map((body) => ({ body })) : []);
    },
  } as unknown as Directory;
  const given: string[] = [];
  const warned: string[] = [];
  const ledger = {
    now: () => AT,
    run({ allowance }: AllowCommand) {
      if ((fails.runs -= 1) >= 0) return Promise.reject(new LedgerUnavailable('gone'));
      given.push(allowance.account);
      return Promise.resolve({ ok: true, grant: null });
    },
  } as unknown as Ledger;
  const turn = startTurn({
    ledger,
    store: { endedAllowances: () => Promise.resolve([]) },
    directory,
    organizations: openOrganizations(directory),
    card: () => SAMPLE_CARD,
    log: { warn: (_facts, message) => warned.push(message), error: (_facts, message) => warned.push(message) },
  });
  turn.changed([recordOf('organization', 'acme', organization), ...(seat === null ? [] : [recordOf('seat', 'acme/one', seat)])]);
  return { turn, given, warned };
}

function recordOf(kind: string, id: string, body: unknown): StoredRecord {
  return { kind, id, organization: 'acme', lookup: null, body, version: 1, at: 0 } as StoredRecord;
}

test.each([
  ['nothing goes wrong', { lists: 0, runs: 0 }, 0],
  ['people can not be read', { lists: 1, runs: 0 }, 1],
  ['the ledger does not answer', { lists: 0, runs: 1 }, 1],
])('who has come to a plan or a seat is given what they are due, also where %s at first', async (_name, fails, sweeps) => {
  const { turn, given, warned } = world({ ...fails });
  for (let times = 0; times < sweeps; times += 1) await turn.due();
  expect(warned).toHaveLength(sweeps);
  await turn.due();
  expect(new Set(given)).toEqual(new Set(['user:acme/ann', 'pool:acme']));
  const before = given.length;
  await turn.due();
  expect(given).toHaveLength(before);
});

test('who has come to a workspace of their own is given what a plan without seats gives everybody', async () => {
  const own: Workspace = { ...samplePayer().workspace, kind: 'personal', user: 'ann' };
  const { turn, given } = world({ lists: 0, runs: 0 }, 'solo', [own]);
  await turn.due();
  given.length = 0;
  turn.changed([recordOf('workspace', own.id, own)]);
  await turn.due();
  expect(given).toEqual(['user:acme/ann']);
});
