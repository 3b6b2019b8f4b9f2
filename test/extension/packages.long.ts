// What goes to the stores: packages that their own checks find nothing in, and the sources that reviewers build them from.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtExtension } from '../kit/built-extension.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
// The newest whose parts the registry carries. It is fetched for this alone: for each install it would be too much.
const LINTER = 'addons-linter@10.13.0';

test('the linter of addons.mozilla.org finds no errors, warnings or notices', { timeout: 240_000 }, async () => {
  const folder = await builtExtension('firefox');
  const lint = run('npx', ['--yes', '--ignore-scripts', LINTER, folder, '--output', 'json'], { maxBuffer: 2 ** 24 });
  // It ends with 1 where it found errors; what it found is in its output all the same.
  const { stdout } = await lint.catch((error: { stdout: string }) => error);
  const { errors, warnings, notices } = JSON.parse(stdout) as Record<'errors' | 'warnings' | 'notices', unknown[]>;
  expect([...errors, ...warnings, ...notices]).toEqual([]);
});

test('one command makes the loadable folders, a package for each store, and the sources', { timeout: 120_000 }, async () => {
  await run(process.execPath, [join(ROOT, 'extension/build.ts')], { cwd: ROOT });
  const output = join(ROOT, 'extension/.output');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'extension/package.json'), 'utf8')) as { version: string };
  // A package begins and ends with what is its own; the names of its files stand in it as they are.
  const inside = (name: string): string => readFileSync(join(output, `tollgate-${version}-${name}.zip`), 'latin1');
  for (const target of ['chrome', 'firefox']) {
    expect(JSON.parse(readFileSync(join(output, `${target}-mv3/manifest.json`), 'utf8'))).toMatchObject({ version });
    expect(inside(target)).toContain('manifest.json');
    expect(inside(target)).toContain('content-scripts/tags.js');
    expect(inside(target)).not.toContain('.ts');
  }
  const sources = inside('sources');
  const needed = [
    'setup.mjs',
    'pnpm-lock.yaml',
    'extension/wxt.config.ts',
    'extension/build.ts',
    'shared/src/estimate.ts',
    'docs/extension.md',
  ];
  for (const file of needed) expect(sources).toContain(file);
  expect(sources).not.toContain('gateway/src/');
  expect(sources).not.toContain('node_modules/');
});
