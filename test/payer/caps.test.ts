// Caps: which of them a call counts in, under which name, in which window, and what is watched beside them.
import { describe, expect, test } from 'vitest';
import { termsOf } from '../../gateway/src/payer/terms.ts';
import { credits, samplePayer, type Sample } from './sample.ts';

const at = (text: string): number => Date.parse(text);
const NOON = at('2026-03-10T12:00:00Z');
const MONTH = { every: 'month', anchor: '2026-01-31', zone: 'UTC', since: null } as const;
const of = (sample: Sample, chain: string | null = null) =>
  termsOf(samplePayer(sample), { service: 's', operation: 'a', chain }, NOON).caps;
const ids = (sample: Sample, chain: string | null = null): string[] => of(sample, chain).map(({ id }) => id);

describe('of the key', () => {
  test('by its line, so that rotating lifts none', () => {
    expect(of({ key: { id: 'web.2', caps: [{ window: 'day', limit: credits(5) }] } })).toEqual([
      {
        id: 'key:web:day',
        scope: { kind: 'key', id: 'web.2' },
        window: 'day',
        from: at('2026-03-10T00:00:00Z'),
        until: at('2026-03-11T00:00:00Z'),
        limit: credits(5),
        mode: 'hard',
      },
    ]);
  });
});

describe('of the organization', () => {
  const scoped = (kind: 'key' | 'user' | 'workspace' | 'organization' | 'service' | 'operation' | 'chain', id: string) => ({
    caps: [{ id: 'c', scope: { kind, id } }],
  });
  test.each([
    ['key', 'web', 'other'],
    ['user', 'ann', 'ben'],
    ['workspace', 'acme/main', 'acme/other'],
    ['organization', 'acme', 'globex'],
    ['service', 's', 't'],
    ['operation', 'a', 'b'],
    ['chain', 'root', 'elsewhere'],
  ] as const)('%s: its own, each of *, and no other', (kind, own, other) => {
    const own$ = kind === 'chain' ? 'cap:c:root' : 'cap:c';
    expect(ids(scoped(kind, own), 'root')).toEqual([own$]);
    expect(ids(scoped(kind, '*'), 'root')).toEqual([`cap:c:${own}`]);
    expect(ids(scoped(kind, other), 'root')).toEqual([]);
    expect(of(scoped(kind, '*'), 'root')[0]?.scope).toEqual({ kind, id: own });
  });
  test('a workspace may be named without its organization', () => {
    expect(ids(scoped('workspace', 'main'))).toEqual(['cap:c']);
  });
  test('of a key: the whole line', () => {
    expect(ids({ ...scoped('key', 'web'), key: { id: 'web.3' } })).toEqual(['cap:c']);
    expect(ids({ ...scoped('key', '*'), key: { id: 'web.3' } })).toEqual(['cap:c:web']);
  });
  test('a service has no user, and a call without a chain is in none', () => {
    expect(ids({ ...scoped('user', '*'), user: null })).toEqual([]);
    expect(ids(scoped('chain', '*'))).toEqual([]);
  });
});

describe('windows and limits', () => {
  test('a cycle is the organization’s, or the calendar month in its zone where it has none', () => {
    const caps = [{ window: 'cycle' }] as const;
    expect(of({ caps, organization: { cycle: MONTH } })[0]).toMatchObject({
      from: at('2026-02-28T00:00:00Z'),
      until: at('2026-03-31T00:00:00Z'),
    });
    expect(of({ caps, organization: { timeZone: 'Asia/Tokyo' } })[0]).toMatchObject({
      from: at('2026-02-28T15:00:00Z'),
      until: at('2026-03-31T15:00:00Z'),
    });
  });
  test('a raise counts while it lasts', () => {
    const raised = (until: number) => of({ caps: [{ raise: { limit: credits(99), until, reason: 'launch' } }] })[0]?.limit;
    expect(raised(NOON + 1)).toBe(credits(99));
    expect(raised(NOON)).toBe(credits(10));
  });
  test('modes are carried', () => {
    expect(of({ caps: [{ mode: 'soft' }, { mode: 'shadow' }] }).map(({ mode }) => mode)).toEqual(['soft', 'shadow']);
  });
});

describe('watched', () => {
  const watched = (sample: Sample) =>
    of(sample)
      .filter(({ mode }) => mode === 'watch')
      .map(({ id, limit, scope, window }) => ({ id, limit, scope, window }));
  const organization = { kind: 'organization', id: 'acme' };
  test('the pool, and the allowance of a seat', () => {
    expect(watched({ organization: { plan: 'team', cycle: MONTH }, seat: 'pro', seated: { pro: 3 } })).toEqual([
      { id: 'watch:pool:acme', limit: credits(1000), scope: organization, window: 'cycle' },
      { id: 'watch:user:acme/ann', limit: credits(8000), scope: { kind: 'user', id: 'ann' }, window: 'cycle' },
    ]);
  });
  test('where there is no pool: the allowances of all who sit there', () => {
    const seats = { organization: { plan: 'seats', cycle: MONTH }, seated: { pro: 3, free: 2 } };
    expect(watched({ ...seats, user: null })).toEqual([
      { id: 'watch:acme', limit: credits(24_000), scope: organization, window: 'cycle' },
    ]);
    expect(
      watched({ organization: { plan: 'solo', cycle: { ...MONTH, every: 'day' } }, people: ['ann', 'ben', 'eve', 'dan'] })[0]
        ?.limit,
    ).toBe(credits(120));
  });
  test('nothing where nothing comes again', () => {
    expect(watched({})).toEqual([]);
    expect(watched({ organization: { plan: 'seats', cycle: MONTH }, seat: 'free' })).toEqual([]);
  });
});
