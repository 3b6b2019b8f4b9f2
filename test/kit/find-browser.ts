// Where a browser is. Nothing is downloaded at install; Debian as root may install its own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Known {
  variable: string;
  commands: readonly string[];
  places: readonly string[];
  debian: string;
}

const KNOWN: Readonly<Record<'chromium' | 'firefox', Known>> = {
  chromium: {
    variable: 'CHROME_PATH',
    // Branded Chrome takes no extension by command line or protocol any more, and so comes last.
    commands: ['chromium', 'chromium-browser', 'google-chrome-for-testing', 'google-chrome', 'chrome'],
    places: [
      '/usr/lib/chromium/chromium',
      '/snap/bin/chromium',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      'C:\\Program Files\\Chromium\\Application\\chrome.exe',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
    debian: 'chromium',
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    commands: ['firefox-esr', 'firefox'],
    places: [
      '/usr/lib/firefox-esr/firefox-esr',
      '/snap/bin/firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
    debian: 'firefox-esr',
  },
};

/** @returns the path of the executable @throws one line that says what to do, where there is none */
export function findBrowser(name: 'chromium' | 'firefox'): string {
  const known = KNOWN[name];
  const found = find(known) ?? (installed(known.debian) ? find(known) : undefined);
  if (found !== undefined) return found;
  throw new Error(`No ${name} found: install it, or set ${known.variable} to its executable.`);
}

function find({ variable, commands, places }: Known): string | undefined {
  const told = process.env[variable];
  if (told !== undefined && told !== '') return told;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...places].find((path) => existsSync(path));
}

/** On a Debian where we may install, one is installed; that takes a minute, once. */
function installed(debian: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 } as const;
  return (
    spawnSync('apt-get', ['update'], options).status === 0 &&
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', debian], options).status === 0
  );
}
