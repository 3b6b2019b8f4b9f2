// What Mozilla's store checks of a package, by its own linter. It is fetched for this alone: for each install it would be too much.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtExtension } from '../kit/built-extension.ts';

// The newest whose parts the registry carries.
const LINTER = 'addons-linter@10.13.0';

test('the package for Firefox has no errors, warnings or notices', { timeout: 240_000 }, async () => {
  const folder = await builtExtension('firefox');
  const lint = promisify(execFile)('npx', ['--yes', '--ignore-scripts', LINTER, folder, '--output', 'json'], {
    maxBuffer: 2 ** 24,
  });
  // It ends with 1 where it found errors; what it found is in its output all the same.
  const { stdout } = await lint.catch((error: { stdout: string }) => error);
  const { errors, warnings, notices } = JSON.parse(stdout) as Record<'errors' | 'warnings' | 'notices', unknown[]>;
  expect([...errors, ...warnings, ...notices]).toEqual([]);
});
