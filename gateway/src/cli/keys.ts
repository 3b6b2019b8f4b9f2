// `tollgate keys`: create, list, rotate, revoke. A new key is printed once and kept nowhere.
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { keys, madeKey, oneKey, rotatedKey } from '@tollgate/shared/keys-contract';
import { print, table, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { withClient } from './gateway-client.ts';

interface CreateOptions extends CommonOptions {
  id?: string;
  scope: string;
  name?: string;
  workspace?: string;
  user?: string;
  label: string[];
  cap: string[];
  expires?: string;
}

const several = (value: string, before: string[]): string[] => [...before, value];

export function addKeys(program: Command, around: Around): void {
  const group = program.command('keys').description('Makes, lists, rotates and revokes keys.');
  addCreate(group, around);
  const list = group
    .command('list')
    .description('Lists all keys, newest first.')
    .action((options: CommonOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof keys>>('GET', 'keys');
        print(options, found, listText(found));
      }),
    );
  withExample(withGateway(list), 'tollgate keys list');
  const rotate = group
    .command('rotate')
    .description('Makes a key to follow this one, which works on for the overlap. Caps go on, they do not start anew.')
    .argument('<id>')
    .option('--overlap <time>', 'how long the old one works on', '24h')
    .action((id: string, options: CommonOptions & { overlap: string }) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof rotatedKey>>('POST', `keys/${encodeURIComponent(id)}/rotate`, {
          overlap: options.overlap,
        });
        print(options, done, `${madeText(done)}\n${done.replaced.id} works until ${done.replaced.expiresAt}`);
      }),
    );
  withExample(withGateway(rotate), 'tollgate keys rotate web --overlap 1h');
  const revoke = group
    .command('revoke')
    .description('Ends a key, at once and for good.')
    .argument('<id>')
    .action((id: string, options: CommonOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof oneKey>>('DELETE', `keys/${encodeURIComponent(id)}`);
        print(options, done, `${done.key.id} is revoked.`);
      }),
    );
  withExample(withGateway(revoke), 'tollgate keys revoke web');
}

function addCreate(group: Command, around: Around): void {
  const command = group
    .command('create')
    .description('Makes a key and prints it, once.')
    .option('--id <id>', 'what it is called in lists; a repeat with the same id makes no second key')
    .option('--scope <scope>', 'spend, view, manage or operate', 'spend')
    .option('--name <text>', 'for people')
    .option('--workspace <name>', 'where its spending belongs')
    .option('--user <name>', 'whose it is')
    .option('--label <name=value>', 'a label fixed on the key; may be given more than once', several, [])
    .option(
      '--cap <window=credits>',
      'the most it may spend in an hour, day, week, month or lifetime; may be given more than once',
      several,
      [],
    )
    .option('--expires <time>', 'when it ends, such as 2027-01-01T00:00:00Z')
    .action((options: CreateOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof madeKey>>('POST', 'keys', wantedKey(options));
        print(options, done, madeText(done));
      }),
    );
  withExample(
    withGateway(command),
    'tollgate keys create --id web --cap day=50',
    'tollgate keys create --scope view --workspace main',
  );
}

function wantedKey({ id, scope, name, workspace, user, label, cap, expires }: CreateOptions): object {
  const given = { name, workspace, user, expiresAt: expires };
  return {
    id: id ?? `${scope}-${randomUUID().slice(0, 8)}`,
    scope,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    labels: Object.fromEntries(label.map((pair) => parted(pair, '--label'))),
    caps: cap.map((pair) => {
      const [window, credits] = parted(pair, '--cap');
      return { window, limit: Number(credits) };
    }),
  };
}

function parted(pair: string, option: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1)
    throw new CommandError(
      EXIT.wrongUse,
      `${option} takes a name and a value, such as ${option === '--cap' ? 'day=50' : 'team=search'}; found "${pair}".`,
    );
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function madeText({ key, text, repeated }: Pick<z.output<typeof madeKey>, 'key' | 'text' | 'repeated'>): string {
  if (repeated || text === null) return `${key.id} was made before; its key was told then. Rotate it where it was lost.`;
  return `${text}\n${key.id}: a ${key.scope} key of workspace ${key.workspace}. It is shown this once.`;
}

function listText({ keys: found }: z.output<typeof keys>): string {
  const rows = found.map(({ id, prefix, scope, workspace, caps, createdAt, expiresAt, revokedAt }) => {
    const state = revokedAt !== null ? 'revoked' : expiresAt !== null ? `until ${expiresAt}` : 'works';
    return [
      id,
      `${prefix}…`,
      scope,
      workspace,
      caps.map(({ window, limit }) => `${window}=${limit}`).join(' '),
      createdAt,
      state,
    ];
  });
  return table(['key', 'begins', 'scope', 'workspace', 'caps', 'made', 'state'], rows);
}
