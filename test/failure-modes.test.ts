// Every code has a heading that explains it, and no heading explains a code that is gone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@tollgate/shared/errors';
import { expect, test } from 'vitest';

const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'failure-modes.md'), 'utf8');
const sections = new Map([...text.matchAll(/^### (\S+)\n([\s\S]*?)(?=^##)/gm)].map(([, code = '', body = '']) => [code, body]));

test('one heading per code, one code per heading', () => {
  expect([...sections.keys()].sort()).toEqual(Object.keys(ERRORS).sort());
});

test.each(Object.entries(ERRORS))('%s is explained under its status', (code, { status }) => {
  expect(sections.get(code)?.trimStart().startsWith(String(status))).toBe(true);
});
