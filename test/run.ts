// Runs the suite and closes with one line that counts it. `--all` adds what takes longer: the files *.long.ts, such as the extension in
// Firefox, and, each as one more test, the hammer, other gateways beside ours, a gigabyte each way, 100,000 storms of payments.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LONG = [
  ['hammer/hammer.ts'],
  ['bench/bench.ts', '--quick'],
  ['bench/big.ts', '--quick'],
  ['payments/campaign.ts'],
] as const;

const all = process.argv.includes('--all');
const folder = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
const report = join(folder, 'report.json');
const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
const files = process.argv.slice(2).filter((argument) => argument !== '--all');

const run = spawnSync(
  process.execPath,
  [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...files],
  {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...process.env, TOLLGATE_TEST_ALL: all ? '1' : '0' },
  },
);
const counted = count();
rmSync(folder, { recursive: true });
if (all) for (const long of LONG) counted[runLong(long) ? 'passed' : 'failed'] += 1;
console.log(`${counted.passed} passed, ${counted.failed} failed`);
process.exitCode = run.status === 0 && counted.failed === 0 && counted.passed > 0 ? 0 : 1;

/** A file that does not even load has no tests in the report, but fails all the same. */
function count(): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8')) as Record<
      string,
      number
    >;
    const failed = Math.max(numFailedTests ?? 0, numFailedTestSuites ?? 0);
    return { passed: numPassedTests ?? 0, failed: failed === 0 && run.status !== 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function runLong([script, ...options]: readonly string[]): boolean {
  console.log(`\n${script} ${options.join(' ')}`);
  return spawnSync(process.execPath, [join(import.meta.dirname, script ?? ''), ...options], { stdio: 'inherit' }).status === 0;
}
