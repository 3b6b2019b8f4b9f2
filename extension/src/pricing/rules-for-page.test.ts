import { expect, test } from 'vitest';
import type { OwnTag } from '../messages.ts';
import type { Tags } from '@tollgate/shared/tags-contract';
import { believeTag } from './believe-tag.ts';
import { RULES_MOST, rulesForPage, type RuleSources } from './rules-for-page.ts';

const ADDRESS = 'http://127.0.0.1:9000/demo/pages/query';
const HOME = 'https://credits.test key_a';

function card(ids: readonly string[], rules: number, on = 'http://127.0.0.1:*/demo/*'): Tags {
  const parts = [{ operation: ids[0] ?? '', inputs: {}, forEach: null }];
  return {
    rateCard: { name: 'demo', version: '1' },
    tags: Array.from({ length: rules }, (_, n) => ({
      id: `tags[${n}]`,
      on,
      via: 'gateway' as const,
      selector: 'button',
      parts,
      schedule: null,
    })),
    operations: ids.map((id) => ({ id, service: 's', reason: id, method: 'POST', path: '/', fields: [], quantities: [] })),
    card: '{}',
  };
}
const own = (more: Partial<OwnTag> = {}): OwnTag => ({
  id: '1',
  on: 'http://127.0.0.1:9000/*',
  selector: 'button',
  pairing: HOME,
  operation: 'query.execute',
  inputs: {},
  schedule: null,
  via: 'none',
  name: 'Run',
  madeAt: 0,
  ...more,
});
const hint = (gateway?: string): NonNullable<RuleSources['hint']> => ({
  ...(gateway === undefined ? {} : { gateway }),
  tags: [{ on: 'http://127.0.0.1:*/*', via: 'none', tag: { selector: 'a', operation: 'query.execute', inputs: {} } }],
});

test('own before card before page, each with who prices it', () => {
  const rules = rulesForPage(ADDRESS, {
    ownTags: [own()],
    cards: [{ pairing: HOME, tags: card(['query.execute'], 1) }],
    hint: hint(),
  });
  expect(rules.map(({ rule, pairing }) => [rule.origin, pairing])).toEqual([
    ['own', HOME],
    ['card', HOME],
    ['page', HOME],
  ]);
});

test('two people at one gateway see its rules once; two gateways each have theirs', () => {
  const tags = card(['query.execute'], 1);
  const cards = [HOME, 'https://credits.test key_b', 'https://other.test key_c'].map((pairing) => ({ pairing, tags }));
  expect(rulesForPage(ADDRESS, { ownTags: [], cards, hint: undefined }).map(({ pairing }) => pairing)).toEqual([
    HOME,
    'https://other.test key_c',
  ]);
});

test('an own tag goes on after its gateway was paired anew, and rests while it is not', () => {
  const cards = [{ pairing: 'https://credits.test key_new', tags: card([], 0) }];
  expect(rulesForPage(ADDRESS, { ownTags: [own()], cards, hint: undefined })[0]?.pairing).toBe('https://credits.test key_new');
  expect(rulesForPage(ADDRESS, { ownTags: [own()], cards: [], hint: undefined })).toEqual([]);
});

test('a page can only name an operation of a paired gateway; the gateway that it names comes first', () => {
  const tags = card(['query.execute'], 0);
  const cards = [HOME, 'https://other.test key_c'].map((pairing) => ({ pairing, tags }));
  const of = (gateway?: string): unknown => rulesForPage(ADDRESS, { ownTags: [], cards, hint: hint(gateway) })[0]?.pairing;
  expect(of()).toBe(HOME);
  expect(of('https://other.test/')).toBe('https://other.test key_c');
  expect(of('https://stranger.test/')).toBe(HOME);
  const none = rulesForPage(ADDRESS, { ownTags: [], cards: [{ pairing: HOME, tags: card(['x'], 0) }], hint: hint() });
  expect(none[0]?.pairing).toBeNull();
});

test('no more rules than a page can bear, the most trusted stay', () => {
  const cards = [{ pairing: HOME, tags: card(['query.execute'], 80) }];
  const rules = rulesForPage(ADDRESS, { ownTags: [own()], cards, hint: hint() });
  expect(rules).toHaveLength(RULES_MOST);
  expect(rules[0]?.rule.origin).toBe('own');
});

test('what a message says of origin, via and operation is not believed', () => {
  const cards = [{ pairing: HOME, tags: card(['query.execute', 'chat.complete'], 1) }];
  const rules = new Map(rulesForPage(ADDRESS, { ownTags: [], cards, hint: undefined }).map((one) => [one.rule.id, one]));
  const [id = ''] = rules.keys();
  const asked = {
    key: 'k',
    rule: id,
    origin: 'own' as const,
    via: 'none' as const,
    parts: [{ operation: 'query.execute', inputs: {} }],
    schedule: null,
    claimed: 1,
  };
  expect(believeTag(asked, rules, cards)).toMatchObject({ origin: 'card', via: 'gateway', pairing: HOME, claimed: null });
  expect(believeTag({ ...asked, parts: [{ operation: 'chat.complete', inputs: {} }] }, rules, cards)).toBeUndefined();
  expect(believeTag({ ...asked, rule: 'own 1' }, rules, cards)).toBeUndefined();
  expect(believeTag({ ...asked, rule: 'attributes', origin: 'page' }, rules, cards)).toMatchObject({
    origin: 'page',
    claimed: 1,
  });
});
