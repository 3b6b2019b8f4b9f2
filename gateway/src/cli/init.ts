// `tollgate init`: a configuration and a commented rate card to start from.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rateCardJsonSchema } from '@tollgate/shared/rate-card/schema';
import { Option, type Command } from 'commander';
import { print, withExample, type Around } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';

interface InitOptions {
  template: string;
  dir: string;
  json?: true;
}

// Editors with a YAML language server complete and check the card by it.
const MODELINE = '# yaml-language-server: $schema=./rate-card.schema.json';
export const TEMPLATES_FOLDER = join(import.meta.dirname, '../../templates');

export function addInit(program: Command, _around: Around): void {
  const command = program
    .command('init')
    .description(
      'Writes tollgate.yaml, rates.yaml with its schema, and tollgate.secret. Files that are there are never written over.',
    )
    .addOption(new Option('--template <name>', 'what the rate card is for').choices(templates()).default('openai'))
    .option('--dir <folder>', 'where to', '.')
    .option('--json', 'answer as JSON, for programs')
    .action((options: InitOptions) => init(options));
  withExample(command, 'tollgate init --template anthropic --dir gateway');
}

function templates(): string[] {
  return readdirSync(TEMPLATES_FOLDER, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function init({ template, dir, json }: InitOptions): void {
  const from = (name: string): string => readFileSync(join(TEMPLATES_FOLDER, template, name), 'utf8');
  const files = [
    { name: 'tollgate.yaml', text: from('tollgate.yaml'), mode: 0o644 },
    { name: 'rates.yaml', text: `${MODELINE}\n${from('rates.yaml')}`, mode: 0o644 },
    { name: 'rate-card.schema.json', text: `${JSON.stringify(rateCardJsonSchema(), null, 2)}\n`, mode: 0o644 },
    // Keys are hashed with it: whoever has it and the store can try keys.
    { name: 'tollgate.secret', text: `${randomBytes(32).toString('base64url')}\n`, mode: 0o600 },
  ];
  const there = files.filter(({ name }) => existsSync(join(dir, name))).map(({ name }) => relative('.', join(dir, name)));
  if (there.length > 0)
    throw new CommandError(
      EXIT.found,
      `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already. Nothing was written.`,
    );
  mkdirSync(dir, { recursive: true });
  for (const { name, text, mode } of files) writeFileSync(join(dir, name), text, { mode, flag: 'wx' });
  const written = files.map(({ name }) => relative('.', join(dir, name)));
  const config = written[0] === 'tollgate.yaml' ? '' : ` --config ${written[0]}`;
  const next = [
    `tollgate check${config}`,
    `tollgate start${config}`,
    `tollgate grant 500${config}`,
    `tollgate keys create${config}`,
  ];
  const lines = [...written.map((file) => `wrote ${file}`), 'Next:', ...next.map((line) => `  ${line}`)];
  print(json === true ? { json } : {}, { written, next }, lines.join('\n'));
}
