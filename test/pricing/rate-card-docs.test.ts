// Every example of docs/rate-card.md is a card that loads.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import { formatProblem } from '@tollgate/shared/rate-card/parse';
import { rateCardSchema } from '@tollgate/shared/rate-card/schema';

const text = readFileSync(new URL('../../docs/rate-card.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => block);

test('there are examples', () => expect(examples.length).toBeGreaterThanOrEqual(8));

test.each(examples)('example %# loads without a word', (example) => {
  const outcome = loadRateCard(example.startsWith('- id:') ? asCard(example) : example, { file: 'rate-card.md', version: '1' });
  expect((outcome.ok ? outcome.warnings : outcome.problems).map(formatProblem)).toEqual([]);
});

test('every field of the language is described', () => {
  const fields = [
    rateCardSchema.shape.services.valueType,
    rateCardSchema.shape.services.valueType.shape.operations.element,
  ].flatMap(({ shape }) => Object.keys(shape));
  const rate = Object.keys(rateCardSchema.shape.services.valueType.shape.operations.element.shape.price.element.shape);
  const { plans, packages } = rateCardSchema.shape;
  const given = [plans.unwrap().valueType, packages.unwrap().valueType].flatMap(({ shape }) => Object.keys(shape));
  const all = [...fields, ...rate, ...given, ...Object.keys(rateCardSchema.shape)];
  expect(all.filter((field) => !text.includes(`\`${field}`))).toEqual([]);
});

function asCard(operations: string): string {
  const indented = operations.replace(/^(?=.)/gm, '      ');
  return `card: example\ntiers: { basic: 1, advanced: 3 }\nservices:\n  api:\n    path: /api\n    upstream: api\n    operations:\n${indented}`;
}
