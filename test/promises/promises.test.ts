// Every sentence of sentences.yaml is claimed by a test, and no test claims one that there is not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['shared/src', 'gateway/src', 'test'];
const SENTENCES = parse(readFileSync(join(import.meta.dirname, 'sentences.yaml'), 'utf8')) as Readonly<Record<string, string>>;

/** Ids in brackets in the titles of tests, with the file of each. */
function claimsIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  // `test('…'`, `it("…"`, and what follows a table: `test.each([…])('…'`.
  const titles = [...text.matchAll(/(?:\b(?:test|it)|\]\s*(?:as const\s*)?,?\s*\))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)];
  return titles.flatMap(([, , title = '']) => [...title.matchAll(/\[([a-z]+-\d{2})\]/g)].map(([, id = '']) => id));
}

const claimed = new Map<string, string[]>();
for (const folder of FOLDERS) {
  for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.test.ts') || name.includes('node_modules') || name.includes('.mutants')) continue;
    const file = `${folder}/${name}`;
    for (const id of claimsIn(file)) claimed.set(id, [...(claimed.get(id) ?? []), file]);
  }
}

test('every sentence is claimed by a test', () => {
  const left = Object.entries(SENTENCES).filter(([id]) => !claimed.has(id));
  expect(left, 'write the test, or put the id in brackets into the title of the one that there is').toEqual([]);
});

test('every claim is of a sentence', () => {
  const unknown = [...claimed].filter(([id]) => !Object.hasOwn(SENTENCES, id));
  expect(unknown, 'a sentence of sentences.yaml, or no claim').toEqual([]);
});

test('sentences are sentences, each once', () => {
  const texts = Object.values(SENTENCES);
  expect(texts.length).toBeGreaterThanOrEqual(20);
  expect(new Set(texts).size).toBe(texts.length);
  expect(Object.keys(SENTENCES).filter((id) => !/^(?:dune|dust)-\d{2}$/.test(id))).toEqual([]);
});
