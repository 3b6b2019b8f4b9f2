// Who pays is remembered for a moment, and never past a commit that changes it.
import { expect, test } from 'vitest';
import type { StoredRecord } from '../../gateway/src/ledger/rows.ts';
import { createPayers, type Payers } from '../../gateway/src/payer/payers.ts';
import type { Directory, Kept } from '../../gateway/src/people/directory.ts';
import type { Kind } from '../../gateway/src/people/documents.ts';
import { SAMPLE_CARD, samplePayer } from './sample.ts';

interface World {
  payers: Payers;
  documents: Map<string, unknown>;
  reads: string[];
}

/** Documents in memory, behind the directory's own shape; what is asked of it is noted. */
function world(wait: () => Promise<void> = () => Promise.resolve()): World {
  const { organization, workspace, user, key } = samplePayer({ organization: { plan: 'team' } });
  const documents = new Map<string, unknown>([
    ['organization acme', organization],
    ['workspace acme/main', workspace],
    ['user ann', user],
    ['place acme/main/ann', { workspace: 'acme/main', organization: 'acme', user: 'ann', role: 'member' }],
    ['key web', key],
  ]);
  const reads: string[] = [];
  async function read<K extends Kind>(id: string): Promise<Kept<K> | undefined> {
    reads.push(id);
    const body = documents.get(id) as Kept<K>['body'] | undefined;
    await wait();
    return body === undefined ? undefined : { body, version: 1, at: 0 };
  }
  const directory: Directory = {
    get: (kind, id) => read(`${kind} ${id}`),
    byLookup: (kind, lookup) => read(`${kind} by ${lookup}`),
    list: async (kind) => {
      reads.push(`${kind} list`);
      await wait();
      return [];
    },
    write: () => Promise.reject(new Error('nothing is written here')),
    committed: () => undefined,
  };
  return { payers: createPayers(directory, () => SAMPLE_CARD, 'first'), documents, reads };
}

const { key } = samplePayer();
const changed: StoredRecord = { kind: 'place', id: 'p', organization: 'acme', lookup: null, body: null, version: 2, at: 0 };

test('a second call reads nothing; a commit with records forgets', async () => {
  const { payers, reads, documents } = world();
  expect(await payers.of(key, undefined)).toMatchObject({ organization: { id: 'acme' }, plan: { name: 'team' } });
  const before = reads.length;
  expect(payers.of(key, undefined)).not.toBeInstanceOf(Promise);
  expect(reads).toHaveLength(before);
  payers.committed({ records: [] });
  expect(payers.of(key, undefined)).not.toBeInstanceOf(Promise);
  documents.delete('place acme/main/ann');
  payers.committed({ records: [changed] });
  expect(await payers.of(key, undefined)).toMatchObject({ refused: 'scope_insufficient' });
});

test('what was being read while it changed is answered, and not remembered', async () => {
  const gates: (() => void)[] = [];
  const { payers, documents } = world(() => new Promise((resolve) => gates.push(resolve)));
  const open = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) {
      while (gates.length > 0) gates.shift()?.();
      await Promise.resolve();
    }
  };
  const asked = payers.of(key, undefined);
  documents.delete('organization acme');
  payers.committed({ records: [{ ...changed, kind: 'organization' }] });
  await open();
  expect(await asked).toMatchObject({ organization: { id: 'acme' } });
  const again = payers.of(key, undefined);
  await open();
  expect(await again).toMatchObject({ refused: 'scope_insufficient' });
});

test('a directory that fails is 503, and is asked again', async () => {
  let fails = true;
  const { payers } = world(() => (fails ? Promise.reject(new Error('disk I/O error')) : Promise.resolve()));
  expect(await payers.of(key, undefined)).toMatchObject({ refused: 'ledger_unavailable' });
  fails = false;
  expect(await payers.of(key, undefined)).toMatchObject({ organization: { id: 'acme' } });
});

test('a user of whom nothing is known spends nothing; in the first organization the name is only a word', async () => {
  const { payers, documents } = world();
  documents.delete('user ann');
  expect(await payers.of(key, undefined)).toMatchObject({ refused: 'scope_insufficient' });
  const first = world();
  const { organization, workspace } = samplePayer({
    organization: { id: 'first' },
    workspace: { id: 'first/main', organization: 'first' },
  });
  first.documents.set('organization first', organization);
  first.documents.set('workspace first/main', workspace);
  first.documents.delete('user ann');
  const word = { ...key, organization: 'first', workspace: 'first/main' };
  expect(await first.payers.of(word, undefined)).toMatchObject({ user: null });
  // Strangers call one of theirs the same.
  first.documents.set('user ann', samplePayer().user);
  first.payers.committed({ records: [{ ...changed, kind: 'user', id: 'ann' }] });
  expect(await first.payers.of(word, undefined)).toMatchObject({ user: null, seat: null });
  expect(await first.payers.of({ ...word, id: 'new', madeBy: 'operate' }, undefined)).toMatchObject({
    refused: 'scope_insufficient',
  });
  first.documents.set('user ann', { ...samplePayer().user, organization: 'first' });
  first.payers.committed({ records: [{ ...changed, kind: 'user', id: 'ann' }] });
  expect(await first.payers.of(word, undefined)).toMatchObject({ refused: 'scope_insufficient' });
});

test.each([
  ['team', false],
  ['seats', true],
  ['solo', true],
])('under the plan %s every seat is read: %s', async (plan, isRead) => {
  const { payers, reads, documents } = world();
  documents.set('organization acme', samplePayer({ organization: { plan } }).organization);
  expect(await payers.of(key, undefined)).toMatchObject({ plan: { name: plan } });
  expect(reads.includes('seat list')).toBe(isRead);
  expect(reads).toContain('cap list');
});
