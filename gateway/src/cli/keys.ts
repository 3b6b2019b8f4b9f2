// `tollgate keys`: create, list, rotate, revoke. A new key is printed once and kept nowhere.
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { keys, madeKey, oneKey, rotatedKey } from '@tollgate/shared/keys-contract';
import {
  numberOf,
  parted,
  pathOf,
  present,
  print,
  several,
  table,
  withExample,
  withGateway,
  withOrganization,
  type Around,
  type CommonOptions,
  type OrganizationOptions,
} from './command.ts';
import { withClient } from './gateway-client.ts';

interface CreateOptions extends OrganizationOptions {
  id?: string;
  scope: string;
  name?: string;
  workspace?: string;
  context: string[];
  user?: string;
  service?: string;
  sees?: string;
  perMinute?: string;
  concurrent?: string;
  bypass?: true;
  label: string[];
  cap: string[];
  expires?: string;
}

export function addKeys(program: Command, around: Around): void {
  const group = program.command('keys').description('Makes, lists, rotates and revokes keys.');
  addCreate(group, around);
  const list = group
    .command('list')
    .description('Lists keys, newest first.')
    .option('--user <id>', 'only of this user')
    .option('--workspace <name>', 'only of this workspace')
    .option('--scope <scope>', 'only of this scope')
    .action(
      ({ user, workspace, scope, ...options }: OrganizationOptions & { user?: string; workspace?: string; scope?: string }) =>
        withClient(options, around.environment, async (client) => {
          const path = pathOf('keys', options, { user, workspace, scope });
          const found = await client.ask<z.output<typeof keys>>('GET', path);
          print(options, found, listText(found));
        }),
    );
  withExample(withOrganization(list), 'tollgate keys list', 'tollgate keys list --user ann');
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
    .option('--context <workspace>', 'a further workspace that it may spend in; may be given more than once', several, [])
    .option('--user <id>', 'the user it belongs to, with a place in each of its workspaces')
    .option('--service <name>', 'the service it belongs to')
    .option('--sees <what>', 'of a view key: self or workspace')
    .option('--per-minute <n>', 'calls in any minute')
    .option('--concurrent <n>', 'calls at once')
    .option('--bypass', 'passes caps, which each call notes')
    .option('--label <name=value>', 'a label fixed on the key; may be given more than once', several, [])
    .option(
      '--cap <window=credits>',
      'the most it may spend in an hour, day, week, month, cycle or lifetime; may be given more than once',
      several,
      [],
    )
    .option('--expires <time>', 'when it ends, such as 2027-01-01T00:00:00Z')
    .action((options: CreateOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof madeKey>>('POST', pathOf('keys', options), wantedKey(options));
        print(options, done, madeText(done));
      }),
    );
  withExample(
    withOrganization(command),
    'tollgate keys create --id web --cap day=50',
    'tollgate keys create --user ann --scope view --organization acme',
  );
}

function wantedKey({ id, scope, label, cap, context, ...given }: CreateOptions): object {
  const { name, workspace, user, service, sees, expires, bypass } = given;
  const limits = { perMinute: numberOf(given.perMinute, '--per-minute'), concurrent: numberOf(given.concurrent, '--concurrent') };
  return {
    id: id ?? `${scope}-${randomUUID().slice(0, 8)}`,
    scope,
    ...present({ name, workspace, user, service, sees, expiresAt: expires }),
    ...present({ bypass }),
    limits: present(limits),
    contexts: context,
    labels: Object.fromEntries(label.map((pair) => parted(pair, '--label', 'team=search'))),
    caps: cap.map((pair) => {
      const [window, credits] = parted(pair, '--cap', 'day=50');
      return { window, limit: Number(credits) };
    }),
  };
}

function madeText({ key, text, repeated }: Pick<z.output<typeof madeKey>, 'key' | 'text' | 'repeated'>): string {
  if (repeated || text === null) return `${key.id} was made before; its key was told then. Rotate it where it was lost.`;
  return `${text}\n${key.id}: a ${key.scope} key of workspace ${key.workspace}, organization ${key.organization}. It is shown this once.`;
}

function listText({ keys: found }: z.output<typeof keys>): string {
  const rows = found.map(
    ({ id, prefix, scope, organization, workspace, user, service, caps, createdAt, expiresAt, revokedAt }) => {
      const state = revokedAt !== null ? 'revoked' : expiresAt !== null ? `until ${expiresAt}` : 'works';
      return [
        id,
        `${prefix}…`,
        scope,
        `${organization}/${workspace}`,
        user ?? service ?? '',
        caps.map(({ window, limit }) => `${window}=${limit}`).join(' '),
        createdAt,
        state,
      ];
    },
  );
  return table(['key', 'begins', 'scope', 'workspace', 'whose', 'caps', 'made', 'state'], rows);
}
