// Brings a fresh checkout to where every command works: one install with the pinned package manager, skipped when nothing
// that decides it has changed. It runs before anything is installed, on any Node from 20 up, and so imports only Node itself.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const stampFile = join(root, 'node_modules', '.tollgate-setup');
const decisive = [
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  '.npmrc',
  ...['shared', 'gateway', 'extension', 'test'].map((folder) => `${folder}/package.json`),
];

const stamp = stampOf(decisive);
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) await install();
if (process.argv.includes('--extension')) await buildExtension();

function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.update(`${process.platform} ${process.arch} ${root}`).digest('hex');
}

async function install() {
  const { packageManager, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(`Setting up with ${packageManager}; a minute or two, once `);
  const child = spawn('npx', ['--yes', '--loglevel=error', packageManager, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, ...buildEnvironment(optionalDependencies), CI: 'true' },
  });
  const said = [];
  child.stdout.on('data', (piece) => said.push(piece));
  child.stderr.on('data', (piece) => said.push(piece));
  const dots = setInterval(() => process.stdout.write('.'), 3_000);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => resolve(said.push(Buffer.from(String(error)))));
    child.on('close', resolve);
  });
  clearInterval(dots);
  process.stdout.write('\n');
  if (code !== 0) {
    // What went wrong is near the end; the rest is progress.
    console.error(Buffer.concat(said).toString('utf8').split('\n').slice(-80).join('\n'));
    console.error(
      'The set-up failed: the lines above say where. It needs the npm registry and, where no ready-made sqlite3 can be ' +
        'fetched, python3, make and a C++ compiler.',
    );
    process.exit(1);
  }
  writeFileSync(stampFile, stamp);
}

/**
 * The folder that Chrome loads, made anew where its sources changed; a second at most. By the Node that was just set up, which this may
 * not be, and which npm has put first on the path. A gateway runs without it as well.
 */
async function buildExtension() {
  const child = spawn('node', [join('extension', 'build.ts'), 'chrome'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) },
  });
  let said = '';
  child.stderr.on('data', (piece) => (said += piece));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => resolve((said += error)));
    child.on('close', resolve);
  });
  if (code !== 0) console.error(`The browser extension was not built; the gateway runs without it.\n${said.trim()}`);
}

/**
 * Where sqlite3 cannot fetch its ready-made binary it compiles, and needs the headers of the Node that will run it. They lie in
 * the npm package of that Node. The path is relative to sqlite3's own folder, because node-gyp does not quote it.
 */
function buildEnvironment(optionalDependencies) {
  const name = `node-${process.platform}-${process.arch}`;
  const version = optionalDependencies[name];
  if (version === undefined) return {};
  const store = join(root, 'node_modules', '.pnpm');
  const sqlite = join(store, 'sqlite3', 'node_modules', 'sqlite3');
  const headers = join(store, `${name}@${version}`, 'node_modules', name);
  return {
    npm_config_nodedir: relative(sqlite, headers),
    JOBS: 'max',
    CFLAGS: '-O2 -w',
    CXXFLAGS: '-O1 -w',
  };
}
