import { expect, test } from 'vitest';
import { cardText, complaints } from './testing.ts';

const ONE = (rest: string): string => cardText(`- id: t\n  match: POST /x\n${rest.replace(/^/gm, '  ')}`);
const TOKENS = 'meter: openai\nbounds: { output_tokens: { most: 5, kept_by: documented } }\n';

test('a price a thousand times off its siblings is asked about, unless the card is sure', () => {
  const table = (more: string): string =>
    ONE(`${TOKENS}price: [{ per: output_tokens, unit: 1000, by: body.model, is: { a: 0.5, b: 0.6, c: 2000 }${more} }]`);
  expect(complaints(table(''))).toEqual([
    expect.stringContaining('c costs 2000 where its siblings cost about 0.6; is that meant?'),
  ]);
  expect(complaints(table(', sure: true'))).toEqual([]);
  const lines = (unit: string): string => `${ONE(`${TOKENS}price: [{ per: output_tokens, unit: 1000, rate: 1 }]`)}      - id: u
        match: POST /y
        meter: openai
        bounds: { output_tokens: { most: 5, kept_by: documented } }
        price: [{ per: output_tokens, ${unit}rate: 1 }]
`;
  expect(complaints(lines(''))).toEqual([
    expect.stringContaining('unit is missing, and t.price[0] has unit: 1000 for output_tokens'),
  ]);
  expect(complaints(lines('unit: 1, '))).toEqual([
    expect.stringContaining('one output_tokens costs 1 here and about 0.001 elsewhere'),
  ]);
  expect(complaints(lines('unit: 1000, '))).toEqual([]);
});

test('a condition on a tool that no table lists is asked about', () => {
  const text = ONE(`meter: openai
bounds: { tool_calls: { most: 5, kept_by: documented } }
price: [{ per: tool_calls, by: tool.name, is: { memory: 1 }, unknown: most }]
free: [{ when: "tool.name == 'memroy'", part: tool_calls }]`);
  expect(complaints(text)).toEqual([expect.stringContaining('lists the tool "memroy"; did you mean "memory"?')]);
});
