import { expect, test } from 'vitest';
import { chargeCall, lapseCall } from './charge.ts';
import { microcredits } from './credits.ts';
import type { CallEnd, Quantities } from './facts.ts';
import type { Charge } from './pricing.ts';
import type { Operation } from './rate-card/card.ts';
import { facts, operationOf, quoted, request } from './rate-card/testing.ts';

const TWO = `
  meter: openai
  bounds: { input_tokens: { most: body.bytes, kept_by: documented }, output_tokens: { most: 1000, kept_by: documented } }
  price: [{ rate: 1 }, { per: input_tokens, unit: 1000, rate: 1 }, { per: output_tokens, unit: 1000, rate: 10 }]
`;
const CALL = operationOf(`- id: t\n  match: POST /x${TWO}`);
const ASKED = request({ json: { text: 'x'.repeat(189) } });

function charged(
  operation: Operation,
  used: Quantities,
  more: Partial<CallEnd> & { received?: Quantities } = {},
  asked = ASKED,
): Charge {
  const quote = quoted(operation, asked);
  return chargeCall(operation, facts(quote, used, more), quote.ceiling);
}

test('what was measured is charged, line by line', () => {
  const charge = charged(CALL, { input_tokens: 100, output_tokens: 200 });
  expect(charge).toMatchObject({ total: 3_100_000, free: 0, absorbed: 0, flags: [] });
  expect(charge.lines).toEqual([
    { rate: 't.price[0]', arithmetic: '1 per call', credits: '1' },
    {
      rate: 't.price[1]',
      arithmetic: '100 input_tokens × 1 / 1,000',
      quantity: { name: 'input_tokens', value: 100, how: 'measured' },
      credits: '0.1',
    },
    {
      rate: 't.price[2]',
      arithmetic: '200 output_tokens × 10 / 1,000',
      quantity: { name: 'output_tokens', value: 200, how: 'measured' },
      credits: '2',
    },
  ]);
});

test('rule 7: what is missing counts as its bound and is flagged; zero reported is zero', () => {
  expect(charged(CALL, { input_tokens: 100 })).toMatchObject({ total: 11_100_000, flags: ['quantity_missing'] });
  expect(charged(CALL, { input_tokens: 0, output_tokens: 0 })).toMatchObject({ total: 1_000_000, flags: [] });
  for (const wrong of [Number.NaN, -5, Infinity]) {
    expect(charged(CALL, { input_tokens: 100, output_tokens: wrong })).toMatchObject({
      total: 11_100_000,
      flags: ['quantity_invalid'],
    });
  }
});

test('rule 6: past the bound the hold is charged and the rest absorbed', () => {
  const charge = charged(CALL, { input_tokens: 200, output_tokens: 1500 });
  expect(charge).toMatchObject({ total: 11_200_000, absorbed: 5_000_000, flags: ['bound_broken'] });
  // A broken bound whose price still fits costs what it costs.
  expect(charged(CALL, { input_tokens: 0, output_tokens: 1001 })).toMatchObject({
    total: 11_010_000,
    absorbed: 0,
    flags: ['bound_broken'],
  });
});

test('past a bound that our own cut keeps, the bound is charged and nobody broke it', () => {
  const timed = operationOf(
    '- { id: t, match: GET /x, bounds: { seconds: { most: 10, kept_by: cut } }, price: [{ per: seconds, rate: 1 }] }',
  );
  expect(charged(timed, { seconds: 10.004 }, { how: 'cut' })).toMatchObject({ total: 10e6, absorbed: 0, flags: ['end_unknown'] });
});

test('rule 10: after an unclean end known lines are as measured, received ones upper counts within the bound', () => {
  for (const how of ['cut', 'broken', 'unknown'] as const) {
    expect(charged(CALL, { input_tokens: 100 }, { how, received: { output_tokens: 30 } }), how).toMatchObject({
      total: 1_400_000,
    });
    expect(charged(CALL, { input_tokens: 100 }, { how, received: { output_tokens: 3000 } })).toMatchObject({
      total: 11_100_000,
      absorbed: 0,
    });
    expect(charged(CALL, {}, { how })).toMatchObject({ total: 11_200_000 });
  }
  const broken = charged(CALL, { input_tokens: 100 }, { how: 'broken', received: { output_tokens: 30 } });
  expect(broken.flags).toContain('end_unknown');
  expect(broken.lines[2]).toMatchObject({ quantity: { value: 30, how: 'received' } });
});

test('on_unknown: floor charges what is fixed and the input part', () => {
  const floor = operationOf(`- id: t\n  match: POST /x\n  on_unknown: floor${TWO}`);
  expect(charged(floor, {}, { how: 'unknown' })).toMatchObject({ total: 1_200_000 });
  // Only after an unclean end: a whole answer that does not tell is charged at its bound.
  expect(charged(floor, {})).toMatchObject({ total: 11_200_000 });
});

test('no status is no end, also where a reader thought so; a lapse costs the whole hold', () => {
  expect(charged(CALL, { input_tokens: 1 }, { status: undefined })).toMatchObject({
    flags: expect.arrayContaining(['end_unknown']),
  });
  const quote = quoted(CALL, ASKED);
  expect(lapseCall(CALL, quote)).toMatchObject({ total: quote.ceiling, flags: expect.arrayContaining(['end_unknown']) });
  const floor = operationOf(`- id: t\n  match: POST /x\n  on_unknown: floor${TWO}`);
  expect(lapseCall(floor, quoted(floor, ASKED)).total).toBe(1_200_000);
});

test('rule 13: charge_on decides by the status, 304 is free', () => {
  const by = (chargeOn: string): Operation => operationOf(`- { id: t, match: GET /x, ${chargeOn} price: [{ rate: 2 }] }`);
  const total = (operation: Operation, status: number): number => charged(operation, {}, { status }).total;
  expect([200, 206, 304, 404, 500].map((status) => total(by(''), status))).toEqual([2e6, 2e6, 0, 0, 0]);
  expect([200, 304, 404, 429].map((status) => total(by('charge_on: [2xx, 3xx, 404],'), status))).toEqual([2e6, 0, 2e6, 0]);
  expect(total(by('charge_on: 304,'), 304)).toBe(2e6);
  expect(charged(by(''), {}, { status: 500 })).toMatchObject({ flags: ['not_charged_status'], lines: [] });
  // An error event after a 200 is no reason not to charge.
  expect(charged(by(''), {}, { status: 200, how: 'broken' })).toMatchObject({ total: 2e6, flags: [] });
});

test('HEAD pays its request lines only', () => {
  const get = operationOf(`
- id: t
  match: GET /x
  bounds: { bytes: { most: 1 KB, kept_by: cut } }
  price: [{ rate: 1 }, { per: bytes, rate: 1 }]
`);
  expect(charged(get, {}, {}, request({ method: 'HEAD' }))).toMatchObject({ total: 1e6, flags: [] });
});

test('started units, sizes as units, graduated tiers', () => {
  const price = (lines: string): Operation =>
    operationOf(`
- id: t
  match: GET /x
  bounds: { bytes: { most: 10 MB, kept_by: cut }, seconds: { most: 1h, kept_by: cut } }
  price: [${lines}]
`);
  const started = price('{ per: bytes, unit: 1 MB, started: true, rate: 2 }');
  expect([0, 1, 1e6, 1e6 + 1].map((bytes) => charged(started, { bytes }).total)).toEqual([0, 2e6, 2e6, 4e6]);
  const proportional = price('{ per: bytes, unit: 1 MB, rate: 2 }');
  expect(charged(proportional, { bytes: 500_000 }).total).toBe(1e6);
  const graduated = price('{ per: seconds, graduated: [{ upto: 1m, rate: 1 }, { upto: 2m, rate: 0.5 }, { rate: 0.1 }] }');
  expect([60, 61, 130].map((seconds) => charged(graduated, { seconds }).total)).toEqual([60e6, 60.5e6, 91e6]);
  expect(charged(graduated, { seconds: 130 }).lines[0]?.arithmetic).toBe('130 seconds: 60 × 1 + 60 × 0.5 + 10 × 0.1');
});

test('the total is rounded once, up, to the step', () => {
  const third =
    '\n- { id: t, match: GET /x, bounds: { bytes: { most: 9, kept_by: cut } }, price: [{ per: bytes, unit: 3, rate: 0.000001 }] }';
  expect(charged(operationOf(third), { bytes: 1 }).total).toBe(1);
  expect(charged(operationOf(third), { bytes: 4 }).total).toBe(2);
  expect(charged(operationOf(third, 'step: 0.25\n'), { bytes: 1 }).total).toBe(250_000);
});

const TOOLS = `
- id: t
  match: POST /x
  meter: openai
  bounds: { tool_calls: { most: 4, kept_by: documented } }
  price: [{ rate: 1 }, { per: tool_calls, by: tool.name, tiers: { search: basic, memory: dear }, unknown: advanced }]
  free:
    - { when: "label.agent == 'sidekick'", because: the sidekick is free }
    - { when: "tool.name == 'memory' && label.conversation == 'regular'", part: tool_calls }
`;
const TIERS = 'tiers: { basic: 1, advanced: 3, dear: 10 }\n';

test('tool calls cost by their name, the quote by the dearest that is not free', () => {
  const operation = operationOf(TOOLS, TIERS);
  const regular = request({ labels: { conversation: 'regular' } });
  expect(quoted(operation, request()).ceiling).toBe(41e6);
  expect(quoted(operation, regular).ceiling).toBe(13e6);
  expect(charged(operation, { tool_calls: { search: 1, memory: 1, odd: 1 } }, {}, request())).toMatchObject({
    total: 15e6,
    free: 0,
    flags: ['value_unknown'],
  });
  const charge = charged(operation, { tool_calls: { search: 1, memory: 2 } }, {}, regular);
  expect(charge).toMatchObject({ total: 2e6, free: 20e6, flags: [] });
  expect(charge.lines.map(({ arithmetic, credits, free }) => [arithmetic, credits, free])).toEqual([
    ['1 per call', '1', undefined],
    ['tool_calls: 1 search × 1', '1', undefined],
    ['tool_calls: 2 memory × 10', '20', "tool.name == 'memory' && label.conversation == 'regular'"],
  ]);
});

test('a flat price per tool call leaves out the free names', () => {
  const flat = operationOf(`
- id: t
  match: POST /x
  meter: openai
  bounds: { tool_calls: { most: 4, kept_by: documented } }
  price: [{ per: tool_calls, rate: 2 }]
  free: [{ when: "tool.name == 'memory'", part: tool_calls }]
`);
  expect(charged(flat, { tool_calls: { memory: 1, search: 2 } }, {}, request())).toMatchObject({ total: 4e6, free: 2e6 });
});

test('a value of the request without a row of its own is flagged', () => {
  const operation = operationOf('- { id: t, match: POST /x, price: [{ by: body.size, is: { s: 1, l: 5 }, unknown: most }] }');
  expect(charged(operation, {}, {}, request({ json: { size: 'xl' } }))).toMatchObject({ total: 5e6, flags: ['value_unknown'] });
  expect(charged(operation, {}, {}, request({ json: { size: 'l' } }))).toMatchObject({ total: 5e6, flags: [] });
});

test('the length of the body counts wherever it is read', () => {
  const operation = operationOf(
    '- { id: t, match: POST /x, price: [{ formula: "body.bytes / 1000" }], free: [{ when: "body.bytes < 5" }] }',
  );
  expect(operation.needsBody).toBe(true);
  expect(charged(operation, {}, {}, request({ json: 'x'.repeat(498) })).total).toBe(500_000);
  expect(charged(operation, {}, {}, request({ json: 1 })).total).toBe(0);
});

test('a whole call that is free says what it would have cost', () => {
  const operation = operationOf(TOOLS, TIERS);
  const sidekick = request({ labels: { agent: 'sidekick' } });
  expect(quoted(operation, sidekick)).toMatchObject({ ceiling: 0, exact: true });
  const charge = charged(operation, { tool_calls: { search: 2 } }, {}, sidekick);
  expect(charge).toMatchObject({ total: 0, free: 3e6, absorbed: 0 });
  expect(charge.lines.every(({ free }) => free === 'the sidekick is free')).toBe(true);
});

test('a condition that can not be decided frees nothing', () => {
  const operation = operationOf('- { id: t, match: POST /x, price: [{ rate: 1 }], free: [{ when: "body.n < 5" }] }');
  expect(charged(operation, {}, {}, request({ json: {} })).total).toBe(1e6);
  expect(charged(operation, {}, {}, request({ json: { n: 'x' } })).total).toBe(1e6);
  expect(charged(operation, {}, {}, request({ json: { n: 4 } })).total).toBe(0);
});

test('a price that might fall has a ceiling, and costs it where a quantity is not known', () => {
  const odd = operationOf(`
- id: t
  match: GET /x
  ceiling: 6
  bounds: { bytes: { most: 1 KB, kept_by: cut } }
  price: [{ formula: "bytes > 100 ? bytes * 0.001 : 5" }]
`);
  expect(quoted(odd).ceiling).toBe(6e6);
  expect(charged(odd, { bytes: 10 }).total).toBe(5e6);
  expect(charged(odd, { bytes: 200 }).total).toBe(200_000);
  expect(charged(odd, {}).total).toBe(6e6);
  const falling = operationOf(`
- { id: t, match: GET /x, ceiling: 6, bounds: { bytes: { most: 1 KB, kept_by: cut } }, price: [{ formula: "10 / bytes - 1" }] }
`);
  // Never negative, and no number is never nothing.
  expect(charged(falling, { bytes: 500 }).total).toBe(0);
  expect(charged(falling, { bytes: 0 }).total).toBe(6e6);
});

test('the charge never passes the ceiling that it is given', () => {
  const quote = quoted(CALL, ASKED);
  const charge = chargeCall(CALL, facts(quote, { input_tokens: 200, output_tokens: 1000 }), microcredits(5));
  expect(charge).toMatchObject({ total: 5, absorbed: 11_199_995 });
});
