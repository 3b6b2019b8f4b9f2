// Every example of docs/credits.md, played against a gateway: each row is done, and then everything that the row shows is looked at.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startTown, type Town } from '../kit/town.ts';
import { happen, numberOf, numberText } from './events.ts';
import { examplesIn, type Example } from './table.ts';

const EXAMPLES = examplesIn(readFileSync(new URL('../../docs/credits.md', import.meta.url), 'utf8'));

test('the page has its examples', () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(12);
  expect(EXAMPLES.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(60);
});

test.each(EXAMPLES.map((example, index) => [`${index + 1} ${example.heading}`, example] as const))(
  '%s',
  async (_name, example) => {
    const town = await startTown(example.plans, example.rows[0]?.at ?? 0);
    try {
      const shown: string[] = [];
      for (const row of example.rows) {
        shown.push(row.text);
        await town.kit.turnTo(row.at);
        for (const event of row.events) {
          await happen(town, event).catch((error: unknown) => {
            throw new Error(`${shown.join('\n')}\n${String(error)}`, { cause: error });
          });
        }
        expect(await found(town, example, row.cells), shown.join('\n')).toEqual(row.cells);
      }
      const books = await town.kit.api('GET', 'verify');
      expect(books.body.findings).toEqual([]);
    } finally {
      await town.kit.close();
    }
  },
);

/** What the gateway shows in the columns where the row says something: a name is a person's own credits. */
async function found(town: Town, { columns }: Example, cells: readonly string[]): Promise<string[]> {
  const shown: string[] = [];
  for (const [index, column] of columns.entries()) {
    if ((cells[index] ?? '') === '') {
      shown.push('');
      continue;
    }
    numberOf(cells[index] ?? '');
    const available =
      column === 'pool'
        ? town.available('service', 'pool')
        : column === 'extra'
          ? town.available('service', 'extra')
          : town.available(column, 'individual');
    shown.push(numberText(await available));
  }
  return shown;
}
