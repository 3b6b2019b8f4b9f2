import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chargeCall } from '../charge.ts';
import { quoteCall } from '../quote.ts';
import { cardText, complaints, facts, load, operationOf, quoted, request } from './testing.ts';

const FREE = '- { id: t, match: GET /x, price: [] }';
const card = (head: string): string => cardText(FREE, head);
const plan = (source: string): string => card(`plans:\n  team: ${source}\n`);

describe('what a plan gives', () => {
  const { plans, packages } = load(readFileSync(new URL('../../fixtures/rates.yaml', import.meta.url), 'utf8'));

  test('seats with their own credits, a pool, extra credits and rollover', () => {
    const team = plans.get('team');
    expect(team).toMatchObject({
      name: 'team',
      every: 'month',
      cycle: 'anniversary',
      pool: 100_000_000_000,
      draw: ['individual', 'pool', 'extra'],
      extra: { limit: 0, fee: { amount: '0.002', currency: 'USD' } },
      rollover: { most: 4_000_000_000, cycles: 2 },
      price: { amount: '20', currency: 'USD' },
    });
    expect([...(team?.seats.values() ?? [])]).toEqual([
      { name: 'free', allowance: 0, lifetime: 500_000_000, draw: ['individual'], price: undefined },
      {
        name: 'pro',
        allowance: 8_000_000_000,
        lifetime: 0,
        draw: ['individual', 'pool', 'extra'],
        price: { amount: '29', currency: 'USD' },
      },
      {
        name: 'max',
        allowance: 40_000_000_000,
        lifetime: 0,
        draw: ['individual', 'pool', 'extra'],
        price: { amount: '99', currency: 'USD' },
      },
    ]);
  });

  test('without seats, every user has the one that the plan itself says', () => {
    const seats = plans.get('free')?.seats;
    expect(seats?.get('')).toEqual({ name: '', allowance: 0, lifetime: 500_000_000, draw: ['individual'], price: undefined });
    expect(seats?.size).toBe(1);
    expect(plans.get('free')).toMatchObject({ every: undefined, extra: undefined, rollover: undefined, pool: 0 });
  });

  test('packages, to buy at any time', () => {
    const price = { amount: '12', currency: 'USD' };
    expect([...packages.values()]).toEqual([{ name: 'small', credits: 5_000_000_000, price, months: 12 }]);
    const lasting = load(card('packages: { one: { credits: 0.000001, price: 0.5 EUR } }\n')).packages.get('one');
    expect(lasting).toEqual({ name: 'one', credits: 1, price: { amount: '0.5', currency: 'EUR' }, months: undefined });
  });

  test('a draw that is not written is individual, pool, and extra where there is any', () => {
    expect(load(plan('{ every: month, pool: 5 }')).plans.get('team')?.draw).toEqual(['individual', 'pool']);
    expect(load(plan('{ extra: { fee: 1 USD } }')).plans.get('team')?.draw).toEqual(['individual', 'pool', 'extra']);
  });
});

test.each([
  [
    'an allowance that is never drawn',
    '{ every: day, allowance: 5, draw: [pool] }',
    "rates.yaml:3:34: this allowance is a person's own",
  ],
  [
    'a lifetime of a seat that is never drawn',
    '{ seats: { a: { lifetime: 5, draw: [pool] } } }',
    "this lifetime is a person's own",
  ],
  ['a pool that nobody draws', '{ every: day, pool: 5, draw: [individual] }', 'no draw of this plan names pool'],
  ['extra that nobody draws', '{ draw: [pool], extra: { fee: 1 USD } }', 'no draw of this plan names extra'],
  ['extra before the pool', '{ draw: [extra, pool], extra: { fee: 1 USD } }', 'extra is drawn last'],
  ['extra that the plan has not', '{ draw: [pool, extra] }', 'the plan has no extra credits'],
  ['a source drawn twice', '{ draw: [pool, pool] }', 'pool is drawn twice'],
  ['a draw that names nothing', '{ draw: [] }', '"draw" is a list; at least one would be right'],
  ['a draw of what there is not', '{ draw: [purse] }', 'one of individual, pool, extra would be right'],
  ['an allowance without a cycle', '{ allowance: 5 }', 'allowance is for each cycle, and nothing says how long one is'],
  ['one of a seat', '{ seats: { a: { allowance: 5 } } }', 'allowance is for each cycle'],
  ['a price without a cycle', '{ price: 5 USD }', 'price is for each cycle'],
  ['an anniversary of nothing', '{ cycle: anniversary, draw: [pool] }', 'cycle is for each cycle'],
  [
    'an allowance beside seats',
    '{ every: day, allowance: 5, seats: { a: {} } }',
    "allowance is a person's, and this plan has seats",
  ],
  ['seats of no type', '{ every: day, seats: {} }', 'there is no seat type'],
  ['a negative allowance', '{ every: day, allowance: -5 }', '"allowance" is -5; a number of at least 0 would be right'],
  ['an allowance too fine', '{ every: day, allowance: 0.0000001 }', '1e-7 is finer than a microcredit'],
  ['an allowance too much', '{ every: day, allowance: 1000000001 }', 'a number up to 1000000000 would be right'],
  ['rollover of nothing', '{ lifetime: 5, rollover: { most: 5 } }', 'there is nothing to go on'],
  [
    'rollover for half a cycle',
    '{ every: day, pool: 5, rollover: { most: 5, for: 0.5 } }',
    '"for" is 0.5; a whole number would be right',
  ],
  [
    'a price without a currency',
    '{ every: day, price: 5 }',
    '"price" is 5; an amount of money with its currency, such as 29 USD,',
  ],
  ['a fee with a sign', '{ extra: { fee: -1 USD } }', '"fee" is "-1 USD"; an amount of money'],
  [
    'a currency of nowhere',
    '{ extra: { fee: 1 USC } }',
    'USC is not a currency; a code such as USD or EUR would be right. Did you mean "USD"?',
  ],
  [
    'a seat type that no seat can have',
    '{ every: day, seats: { Pro_Plus: { allowance: 5 } } }',
    'rates.yaml:3:32: "Pro_Plus" is not a name for this; a name in lower case: letters, digits and dashes, a letter first would be right.',
  ],
  ['a cycle of nothing', '{ every: fortnight }', 'one of day, week, month, year would be right'],
])('%s does not load', (_what, source, message) => {
  expect(complaints(plan(source)).join('\n')).toContain(message);
});

test.each([
  ['months and a half', '{ credits: 5, price: 1 USD, months: 1.5 }', '"months" is 1.5; a whole number would be right'],
  ['no credits', '{ credits: 0, price: 1 USD }', '"credits" is 0; a number above 0 would be right'],
  ['no price', '{ credits: 5 }', '"price" is missing'],
  ['a price of nothing', '{ credits: 5, price: 0.00 USD }', 'could be bought without end'],
])('a package with %s does not load', (_what, source, message) => {
  expect(complaints(card(`packages: { small: ${source} }\n`)).join('\n')).toContain(message);
});

test('a plan under which nobody gets anything is asked about, unless there are packages to buy', () => {
  expect(complaints(plan('{ draw: [pool] }'))).toEqual([expect.stringContaining('under the plan team nobody gets credits')]);
  expect(complaints(`${plan('{ draw: [pool] }')}packages: { small: { credits: 5, price: 1 USD } }\n`)).toEqual([]);
});

describe('a price by plan', () => {
  const PLANS = 'plans: { pro: { lifetime: 5 }, free: { lifetime: 1 } }\n';
  const by = (more: string, golden = ''): string =>
    `${cardText(`- { id: t, match: POST /x, price: [{ by: plan, ${more} }] }`, PLANS)}${golden}`;

  test('is asked of the payer, stored among the inputs, and charged from there', () => {
    const operation = operationOf(
      '- { id: t, match: POST /x, price: [{ by: plan, is: { pro: 2, free: 20 }, absent: free }] }',
      PLANS,
    );
    const quote = quoted(operation, request({ plan: 'pro' }));
    expect(quote).toMatchObject({ ceiling: 2_000_000, inputs: { plan: 'pro' } });
    const charge = chargeCall(operation, facts(quote, {}), quote.ceiling);
    expect(charge).toMatchObject({ total: 2_000_000, lines: [{ arithmetic: '2 per call (pro)' }] });
    expect(quoted(operation).ceiling).toBe(20_000_000);
    expect(quoted(operation).inputs).toEqual({ plan: null });
  });

  test('refuses a payer without a plan, and a plan without a price', () => {
    const operation = operationOf('- { id: t, match: POST /x, price: [{ by: plan, is: { pro: 2 }, unknown: refuse }] }', PLANS);
    const asked = (of: string | null) => quoteCall(operation, {}, request({ plan: of }));
    expect(asked(null)).toMatchObject({ ok: false, refusal: { code: 'field_invalid', field: 'plan' } });
    expect(asked('free')).toMatchObject({ ok: false, refusal: { code: 'value_unknown', field: 'plan', known: ['pro'] } });
    expect(asked('pro')).toMatchObject({ ok: true });
  });

  test('knows the plans of the card', () => {
    expect(complaints(by('is: { por: 1 }'))[0]).toContain(
      'there is no plan "por"; one of pro, free would be right. Did you mean "pro"?',
    );
    expect(complaints(cardText('- { id: t, match: POST /x, price: [{ by: plan, is: { pro: 1 } }] }'))[0]).toContain(
      'there is no plan "pro"; declare it under plans.',
    );
    expect(complaints(by('is: { pro: 1 }'))).toEqual([expect.stringContaining('calls under free would be refused here')]);
    expect(complaints(by('is: { pro: 1 }, unknown: most'))).toEqual([]);
  });

  test('is checked by golden calls', () => {
    const golden = (of: string, costs: number): string => `golden: [{ call: POST /api/x, plan: ${of}, costs: ${costs} }]\n`;
    expect(complaints(by('is: { pro: 1, free: 2 }', golden('pro', 1)))).toEqual([]);
    expect(complaints(by('is: { pro: 1, free: 2 }', golden('free', 1)))[0]).toContain('it costs 2 by this card, not 1');
    expect(complaints(by('is: { pro: 1, free: 2 }', golden('fee', 1)))[0]).toContain('there is no plan "fee"');
  });
});
