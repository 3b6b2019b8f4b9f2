// The house rules as a test: each message says what to do.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '');
const sources = files.filter((file) => /\.(?:ts|tsx|mjs)$/.test(file));
const product = sources.filter((file) => /^(?:shared|gateway|extension)\/.*(?<!\.test)\.tsx?$/.test(file));

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Lists `file: message` for every file that breaks a rule; the empty list is what each test expects. */
function breaking(among: readonly string[], rule: (text: string, file: string) => string | undefined): string[] {
  return among.flatMap((file) => {
    const message = rule(read(file), file);
    return message === undefined ? [] : [`${file}: ${message}`];
  });
}

describe('size', () => {
  test('a file is a room that one can look around in: at most 250 lines', () => {
    const long = breaking(
      [...sources, ...files.filter((file) => file.endsWith('.css'))].filter((file) => !/\.(?:test|long)\.ts$/.test(file)),
      (text) => {
        const lines = text.split('\n').length - 1;
        return lines > 250 ? `${lines} lines; take a part of it into a file named for what it does` : undefined;
      },
    );
    expect(long).toEqual([]);
  });
});

describe('names', () => {
  test('files are kebab-case nouns and verbs of the product', () => {
    const odd = sources.filter((file) => {
      const name = file.split('/').at(-1) ?? '';
      const vague = /^(?:utils?|helpers?|manager|service|common|misc|index)\./.test(name);
      return vague || !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*$/.test(name);
    });
    expect(odd, 'name a file for what it is or does, in kebab-case; no utils, helpers, manager, service, index').toEqual([]);
  });

  test('no file only passes on what others export', () => {
    expect(
      breaking(product, (text) => (/^export (?:\*|\{[^}]*\}) from/m.test(text) ? 'import from where it is made' : undefined)),
    ).toEqual([]);
  });
});

describe('imports run one way', () => {
  const rules: readonly (readonly [RegExp, RegExp, string])[] = [
    [/^shared\//, /from 'node:|from '(?:\.\.\/)+(?:gateway|extension|test)/, 'shared has no Node and knows no one'],
    [
      /^gateway\/src\/ledger\//,
      /from '\.\.\/(?:call|store|api|cli|app)/,
      'the ledger declares its port and knows no store and no call',
    ],
    [/^gateway\/src\/store\//, /from '(?:\.\.\/)+(?:call|api|cli|app)/, 'a store knows the ledger port alone'],
    [/^gateway\/src\/call\//, /from '\.\.\/(?:store|api|cli|app)/, 'the paid call knows the ledger, not the store or the pages'],
    [
      /^gateway\/src\/(?!app\.ts|store\/|cli\/)/,
      /from '\.\.?\/(?:.*\/)?store\/sqlite/,
      'only app.ts and the command line know which store',
    ],
    [/^extension\//, /from '(?:\.\.\/)+gateway|from 'tollgate/, 'the extension knows shared alone'],
  ];
  test.each(rules)('%s', (where, forbidden, why) => {
    const inside = product.filter((file) => where.test(file));
    expect(breaking(inside, (text) => (forbidden.test(text) ? why : undefined))).toEqual([]);
  });

  test('only main.ts and the demo read the environment', () => {
    const allowed = /gateway\/src\/(?:main|demo|demo-upstream\/main)\.ts$/;
    const reading = product.filter((file) => file.startsWith('gateway/') && !allowed.test(file));
    expect(
      breaking(reading, (text) => (text.includes('process.env') ? 'take it as a parameter from main.ts' : undefined)),
    ).toEqual([]);
  });

  test('only a store names tables', () => {
    const outside = product.filter((file) => file.startsWith('gateway/') && !file.startsWith('gateway/src/store/'));
    const sql = /\b(?:select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from)\b/i;
    expect(
      breaking(outside, (text) =>
        sql.test(text.replaceAll(/^\s*(?:\/\/|\*).*$/gm, '')) ? 'put the query into store/' : undefined,
      ),
    ).toEqual([]);
  });
});

describe('words', () => {
  // One word for one thing (docs/glossary.md). Patterns name what must not be invented beside it.
  const banned: readonly (readonly [RegExp, string])[] = [
    [/\b(?:wallet|debit|refund(?:s|ed)?)\b/i, 'account, charge, release or correct'],
    [/\bpre-?auth|\breservation\b/i, 'hold'],
    [/\bprice tables?\b/i, 'rate card'],
    [/\bTODO\b(?! \[20\d\d-\d\d-\d\d\])|\bFIXME\b|\bXXX\b/, 'do it, or date it: TODO [2027-01-31]'],
    [/\b(?:test|it|describe)\.(?:skip|only|todo)\(/, 'mend or delete the test'],
    [/(?<!\$)\beval\(|new Function\(/, 'nothing is evaluated as code'],
  ];
  test.each(banned)('%s', (pattern, instead) => {
    const among = [...sources, ...files.filter((file) => /^extension\/src\/.*\.(?:json|html|css)$/.test(file))].filter(
      (file) => file !== 'test/tidy.test.ts',
    );
    expect(breaking(among, (text) => (pattern.test(text) ? `say: ${instead}` : undefined))).toEqual([]);
  });
});

describe('texts of the extension', () => {
  const folder = 'extension/src/messages/';
  const areas = files.filter((file) => file.startsWith(folder));
  const texts = areas.flatMap((file) =>
    Object.entries(JSON.parse(read(file)) as Record<string, { message: string }>).map(([key, { message }]) => ({
      file,
      key,
      message,
    })),
  );
  const code = files
    .filter((file) => /^extension\/(?:src\/.*(?<!\.test)\.tsx?|wxt\.config\.ts)$/.test(file))
    .map(read)
    .join('\n');

  test('each is used, each once, under the name of its area', () => {
    const begun = [...code.matchAll(/`([a-z]+_[a-z0-9_]*)\$\{/g)].map(([, start = '']) => start);
    const used = ({ key }: { key: string }): boolean =>
      code.includes(`'${key}'`) || code.includes(`__MSG_${key}__`) || begun.some((start) => key.startsWith(start));
    expect(texts.filter((text) => !used(text)).map(({ file, key }) => `${file}: nobody says ${key}`)).toEqual([]);
    const names = texts.map(({ key }) => key);
    expect(names.filter((key, at) => names.indexOf(key) !== at)).toEqual([]);
    const area = (file: string): string => file.slice(folder.length, -'.json'.length);
    const elsewhere = texts.filter(({ file, key }) => !key.startsWith(`${area(file)}_`) && !key.startsWith('extension_'));
    expect(elsewhere.map(({ file, key }) => `${file}: ${key}`)).toEqual([]);
  });

  test('each that is said is there', () => {
    const said = [...code.matchAll(/\bsay\(\s*'([^']+)'|__MSG_(\w+)__/g)].map(([, name, other]) => name ?? other);
    expect(said.length).toBeGreaterThan(0);
    expect(said.filter((name) => !texts.some(({ key }) => key === name))).toEqual([]);
  });

  test('each has words, and calm ones', () => {
    const odd = texts.filter(({ message }) => message.trim() === '' || message !== message.trim() || message.includes('!'));
    expect(odd.map(({ key }) => key)).toEqual([]);
  });
});

describe('documents', () => {
  const documents = files.filter((file) => file.endsWith('.md'));

  test('a document has one title', () => {
    const titles = (text: string): number => text.replaceAll(/^```[\s\S]*?^```/gm, '').match(/^# /gm)?.length ?? 0;
    expect(breaking(documents, (text) => (titles(text) === 1 ? undefined : `${titles(text)} titles; give it one`))).toEqual([]);
  });

  test('links inside the repository lead somewhere', () => {
    const broken = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, link = '']) => join(file, '..', link))
        .filter((path) => !files.includes(path) && !files.some((known) => known.startsWith(`${path.replace(/\/$/, '')}/`)))
        .map((path) => `${file}: ${path} is not there`),
    );
    expect(broken).toEqual([]);
  });

  test('nothing names a path of one machine', () => {
    const pattern = /(?<![\w.])\/(?:work|root|home\/[a-z]+)\//;
    const texts = files.filter(
      (file) => /\.(?:md|ts|tsx|mjs|json|yaml|sh)$/.test(file) && file !== 'pnpm-lock.yaml' && file !== 'test/tidy.test.ts',
    );
    expect(breaking(texts, (text) => (pattern.test(text) ? 'make it relative' : undefined))).toEqual([]);
  });
});
