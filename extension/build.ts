// Builds the extension where its sources changed since: `node extension/build.ts chrome [--apart]` prints the loadable folder last. Without a
// browser it builds both, and the packages for their stores.
import { createHash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

type Target = 'chrome' | 'firefox';

const ROOT = join(import.meta.dirname, '..');
const OUTPUT = join(import.meta.dirname, '.output');
// What decides a build. Tests of these folders do not.
const SOURCES = [
  'extension/src/**',
  'extension/public/**',
  'extension/{wxt.config.ts,package.json,build.ts}',
  'shared/src/**',
  'pnpm-lock.yaml',
];
const KEPT_MS = 3_600_000;
// What wxt tells of its progress is not for who waits for a folder; its errors are thrown.
const nothing = (): void => undefined;
const QUIET = {
  debug: nothing,
  log: nothing,
  info: nothing,
  success: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  level: 1,
};

if (import.meta.main) {
  const [target, ...options] = process.argv.slice(2);
  try {
    if (target === undefined) await release();
    else if (target !== 'chrome' && target !== 'firefox') throw new Error('node extension/build.ts [chrome | firefox [--apart]]');
    else {
      const folder = await build(target, options.includes('--apart'));
      // On a line of its own: wxt's spinner writes there too.
      console.log(`\n${folder}`);
    }
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    console.error(cause instanceof Error ? cause.message : cause);
    process.exitCode = 1;
  }
}

/**
 * Each state of the sources has a folder of its own that never changes: tests that run at once, also while someone works on the sources,
 * load what they built. Without `apart` it is copied to where people load it from: `.output/chrome-mv3`, `.output/firefox-mv3`.
 * @returns the loadable folder
 * @throws with what wxt said, where it does not build
 */
async function build(target: Target, apart: boolean): Promise<string> {
  const hash = hashOfSources();
  const name = `${target}-mv3`;
  const built = join(OUTPUT, 'built', `${name}-${hash}`);
  if (existsSync(built)) utimesSync(built, new Date(), new Date());
  else await buildInto(built, target);
  if (apart) return built;
  const folder = join(OUTPUT, name);
  const stamp = join(OUTPUT, `${name}.built`);
  if (!existsSync(folder) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(built, folder, { recursive: true });
    writeFileSync(stamp, hash);
  }
  return folder;
}

/** Loadable folders, a package for each store, and the sources that Mozilla's reviewers build it from. */
async function release(): Promise<void> {
  process.env['NODE_ENV'] = 'production';
  const wxt = await import('wxt');
  for (const target of ['chrome', 'firefox'] as const) {
    const packages = await wxt.zip({ root: import.meta.dirname, browser: target, logger: QUIET });
    writeFileSync(join(OUTPUT, `${target}-mv3.built`), hashOfSources());
    console.log(`\n${[join(OUTPUT, `${target}-mv3`), ...packages].map((path) => relative(process.cwd(), path)).join('\n')}`);
  }
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: ROOT, exclude: ['**/*.test.ts'] }).sort();
  for (const file of files) {
    const path = join(ROOT, file);
    if (statSync(path).isFile()) hash.update(file).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

async function buildInto(built: string, target: Target): Promise<void> {
  process.env['NODE_ENV'] = 'production';
  const wxt = await import('wxt');
  const place = join(OUTPUT, 'building', randomUUID());
  try {
    await wxt.build({ root: import.meta.dirname, browser: target, outDir: place, logger: QUIET });
    mkdirSync(join(OUTPUT, 'built'), { recursive: true });
    // Who comes second finds the same there.
    if (!existsSync(built)) renameSync(join(place, `${target}-mv3`), built);
  } catch (error) {
    if (!existsSync(built)) throw error;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  forgetOld();
}

/** The folders of earlier states, after an hour without use. */
function forgetOld(): void {
  const folder = join(OUTPUT, 'built');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
