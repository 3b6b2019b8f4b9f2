// `tollgate users`: people, one by one or from a CSV file.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { erased, imported, madeUser, users } from '@tollgate/shared/people-contract';
import {
  pathOf,
  present,
  print,
  table,
  withExample,
  withOrganization,
  type Around,
  type OrganizationOptions,
} from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { withClient } from './gateway-client.ts';

interface CreateOptions extends OrganizationOptions {
  id?: string;
  email?: string;
  workspace?: string;
  role?: string;
}

export function addUsers(program: Command, around: Around): void {
  const group = program.command('users').description('Makes, lists, imports and erases users.');
  const list = group
    .command('list')
    .description("Lists the organization's users and guests, by id.")
    .option('--after <id>', 'only those past this one')
    .action(({ after, ...options }: OrganizationOptions & { after?: string }) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof users>>('GET', pathOf('users', options, { after, limit: '1000' }));
        print(options, found, listText(found));
      }),
    );
  withExample(withOrganization(list), 'tollgate users list');
  const create = group
    .command('create')
    .description('Makes a user; who they are is their address.')
    .argument('<name>')
    .option('--id <id>', 'made up where it is left out')
    .option('--email <address>', 'can not be changed later')
    .option('--workspace <name>', 'where they get a place')
    .option('--role <role>', 'owner, member or viewer')
    .action((name: string, { id, email, workspace, role, ...options }: CreateOptions) =>
      withClient(options, around.environment, async (client) => {
        const body = { name, ...present({ id, email, workspace, role }) };
        const done = await client.ask<z.output<typeof madeUser>>('POST', pathOf('users', options), body);
        print(options, done, `${done.user.id}: ${done.user.name}${done.repeated ? ', made before' : ''}.`);
      }),
    );
  withExample(withOrganization(create), 'tollgate users create Ann --email ann@example.com --workspace main --role owner');
  addImport(group, around);
  const erase = group
    .command('erase')
    .description('Erases a user: what they used stays in the sums, the person does not.')
    .argument('<id>')
    .action((id: string, options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof erased>>('DELETE', pathOf(`users/${encodeURIComponent(id)}`, options));
        print(
          options,
          done,
          [`${id} was erased at ${done.erasedAt}.`, ...(done.note === undefined ? [] : [done.note])].join('\n'),
        );
      }),
    );
  withExample(withOrganization(erase), 'tollgate users erase u-3f9c0a1b2d4e');
}

function addImport(group: Command, around: Around): void {
  const command = group
    .command('import')
    .description('Makes many users from CSV with the columns name,email,workspace,role,seat: all of them or none.')
    .argument('<file>')
    .action((file: string, options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const text = await readFile(file, 'utf8').catch((error: unknown): never => {
          throw new CommandError(EXIT.wrongUse, `${file} can not be read.`, { cause: error });
        });
        const done = await client.ask<z.output<typeof imported>>('POST', pathOf('users/import', options), text);
        print(options, done, `${done.made} made, ${done.kept} were there.`);
      }),
    );
  withExample(withOrganization(command), 'tollgate users import people.csv --organization acme');
}

function listText({ users: found, next }: z.output<typeof users>): string {
  const rows = found.map(({ id, name, email, places, seat }) => {
    const where = places.map(({ workspace, role }) => `${workspace} (${role})`).join(', ');
    return [id, name, email ?? '', where, seat === null ? '' : `${seat.type} (${seat.id})`];
  });
  const more = next === null ? '' : `\nMore: --after ${next}`;
  return `${table(['user', 'name', 'email', 'places', 'seat'], rows)}${more}`;
}
