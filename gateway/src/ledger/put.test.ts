import { expect, test } from 'vitest';
import type { Put } from './commands.ts';
import type { Audit } from './rows.ts';
import { openTeller } from './teller.ts';

const record = (id: string, change: Partial<Put> = {}): Put => ({
  kind: 'key',
  id,
  organization: 'acme',
  lookup: null,
  body: { name: id },
  expects: null,
  ...change,
});
const puts = (...all: Put[]) => ({ type: 'put', puts: all, audits: [], events: [] }) as const;
const audit: Audit = {
  by: 'op',
  user: null,
  from: '127.0.0.1',
  organization: 'acme',
  action: 'key.make',
  subject: { kind: 'key', id: 'k1' },
  before: null,
  after: { name: 'k1' },
  reason: '',
};

test('a record goes from version to version, and what was expected is compared where it is decided', () => {
  const teller = openTeller();
  expect(teller.run(puts(record('k1', { expects: 0 })))).toMatchObject({ ok: true, records: [{ version: 1, at: 1_000 }] });
  expect(teller.run(puts(record('k1', { expects: 0 })))).toEqual({
    ok: false,
    refusal: 'record_changed',
    kind: 'key',
    id: 'k1',
    version: 1,
  });
  expect(teller.run(puts(record('k1', { expects: 1, body: null })))).toMatchObject({ ok: true });
  // It is gone, and its id stays taken.
  expect(teller.run(puts(record('k1', { expects: 0 })))).toMatchObject({ refusal: 'record_changed', version: 2 });
  expect(teller.record('key', 'k1')).toMatchObject({ body: null, version: 2 });
  expect(teller.run(puts(record('none', { expects: 3 })))).toMatchObject({ refusal: 'record_changed', version: 0 });
});

test('another name belongs to one record of its kind, and is free again once that one gives it up', () => {
  const teller = openTeller();
  teller.run(puts(record('k1', { lookup: 'hash' })));
  expect(teller.run(puts(record('k2', { lookup: 'hash' })))).toEqual({
    ok: false,
    refusal: 'lookup_taken',
    kind: 'key',
    id: 'k2',
    by: 'k1',
  });
  expect(teller.run(puts(record('k1', { lookup: 'hash' }), record('k2', { kind: 'order', lookup: 'hash' })))).toMatchObject({
    ok: true,
  });
  expect(teller.run(puts(record('k1', { lookup: 'other' }), record('k2', { lookup: 'hash' })))).toMatchObject({ ok: true });
  expect(teller.lookup('key', 'hash')).toBe('k2');
  expect(teller.lookup('key', 'other')).toBe('k1');
});

test('all or nothing: records, audit and events', () => {
  const teller = openTeller();
  const event = { id: 'e1', type: 'key.changed', organization: 'acme', workspace: null, data: {} };
  const refused = { ...puts(record('k1'), record('k2', { expects: 7 })), audits: [audit], events: [event] };
  expect(teller.run(refused)).toMatchObject({ ok: false, id: 'k2' });
  expect(teller.last).toMatchObject({ records: [], audits: [], events: [] });
  expect(teller.record('key', 'k1')).toBeUndefined();
  expect(teller.run({ ...puts(record('k1'), record('k1', { expects: 1 })), audits: [audit], events: [event] })).toMatchObject({
    ok: true,
    records: [{ version: 1 }, { version: 2 }],
  });
  expect(teller.last?.audits).toEqual([{ ...audit, at: 1_000 }]);
  expect(teller.last?.events).toEqual([{ ...event, at: 1_000 }]);
});

test('an id that a database would give back as another one is a bug of the caller', () => {
  const teller = openTeller();
  expect(() => teller.run(puts(record('k\0')))).toThrow('can not be kept');
  expect(() => teller.run(puts(record('')))).toThrow('without an id');
});
