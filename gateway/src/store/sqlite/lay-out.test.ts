import { microcredits } from '@tollgate/shared/credits';
import { expect, test } from 'vitest';
import { noChanges } from '../../ledger/draft.ts';
import { acceptLoss } from '../../ledger/entry.ts';
import { StaleState, type Changes } from '../../ledger/ledger.ts';
import { noCounters } from './counters.ts';
import { layOut } from './lay-out.ts';
import { Rows } from './rows.ts';

const layOutOf = (changes: Partial<Changes>, rows = new Rows(10)) =>
  layOut(rows, noCounters(), { ...noChanges(), ...changes }, new Set());

const allowance = { id: 'pool:a', from: 0, until: 1, granted: microcredits(5) };
const record = { kind: 'seat', id: 'a/1', organization: 'a', lookup: null, body: {}, version: 2, at: 1 };
const { account, entry } = acceptLoss(undefined, 1, 'lost');

// A write that failed has emptied memory meanwhile: what these rows were before, and so what goes from a tally, is not known any more.
test.each([
  ['an allowance', { allowances: [allowance] }],
  ['a record', { records: [record] }],
  ['an account', { accounts: [account], entries: [entry] }],
])('what was decided on %s that memory has forgotten is decided anew', (_, changes) => {
  expect(() => layOutOf(changes)).toThrow(StaleState);
});

test('what memory knows to be new is written', () => {
  const rows = new Rows(10);
  rows.allowances.set(allowance.id, undefined);
  rows.records.set('seat a/1', undefined);
  rows.accounts.set(account.id, { account: undefined, last: null, grants: [] });
  const { batch, next } = layOutOf({ allowances: [allowance], records: [record], accounts: [account], entries: [entry] }, rows);
  expect([batch.allowances, batch.records, batch.accounts, batch.entries].map((column) => column?.length)).toEqual([1, 1, 1, 1]);
  expect([next.tallies.allowances.rows, next.tallies.records.rows, next.entry]).toEqual([1, 1, 1]);
});
