// Every rule of money has a statement of its own, under the number that the code names it by.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const RULES = Array.from({ length: 22 }, (_, index) => index + 1);

test.each(RULES)('rule %i', (rule) => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.startsWith(`rule-${String(rule).padStart(2, '0')}-`));
  const titles = files.flatMap(
    (file) => readFileSync(join(import.meta.dirname, file), 'utf8').match(/test\(\s*['"`]rule \d+/g) ?? [],
  );
  expect(titles.filter((title) => title.endsWith(`rule ${rule}`))).not.toEqual([]);
});
