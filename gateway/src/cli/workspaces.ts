// `tollgate workspaces`: where spending belongs, and who is there.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { madeWorkspace, onePlace, oneWorkspace, places, takenPlace, workspaces } from '@tollgate/shared/people-contract';
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
import { withClient } from './gateway-client.ts';

export function addWorkspaces(program: Command, around: Around): void {
  const group = program.command('workspaces').description('Makes, lists and closes workspaces, and says who is in them.');
  const list = group
    .command('list')
    .description("Lists the organization's workspaces, by name.")
    .action((options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof workspaces>>('GET', pathOf('workspaces', options, { limit: '1000' }));
        const rows = found.workspaces.map(({ name, kind, user, closedAt }) => [name, kind, user ?? '', closedAt ?? 'open']);
        print(options, found, table(['workspace', 'kind', 'user', 'state'], rows));
      }),
    );
  withExample(withOrganization(list), 'tollgate workspaces list --organization acme');
  const create = group
    .command('create')
    .description('Makes a workspace.')
    .argument('<name>')
    .option('--user <id>', 'a personal one, of this user')
    .action((name: string, { user, ...options }: OrganizationOptions & { user?: string }) =>
      withClient(options, around.environment, async (client) => {
        const body = { name, ...present({ user, kind: user === undefined ? undefined : 'personal' }) };
        const done = await client.ask<z.output<typeof madeWorkspace>>('POST', pathOf('workspaces', options), body);
        const { organization, kind } = done.workspace;
        print(options, done, `${organization}/${name}: a ${kind} workspace${done.repeated ? ', made before' : ''}.`);
      }),
    );
  withExample(withOrganization(create), 'tollgate workspaces create research');
  const close = group
    .command('close')
    .description('Closes a workspace where no call is held: nothing is spent in it any more.')
    .argument('<name>')
    .action((name: string, options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const path = pathOf(`workspaces/${encodeURIComponent(name)}`, options);
        const done = await client.ask<z.output<typeof oneWorkspace>>('DELETE', path);
        print(options, done, `${name} is closed.`);
      }),
    );
  withExample(withOrganization(close), 'tollgate workspaces close research');
  addPlaces(group, around);
}

function addPlaces(group: Command, around: Around): void {
  const people = group
    .command('people')
    .description('Lists who is in a workspace, with which role.')
    .argument('<name>')
    .action((name: string, options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const path = pathOf(`workspaces/${encodeURIComponent(name)}/users`, options, { limit: '1000' });
        const found = await client.ask<z.output<typeof places>>('GET', path);
        print(
          options,
          found,
          table(
            ['user', 'role'],
            found.places.map(({ user, role }) => [user, role]),
          ),
        );
      }),
    );
  withExample(withOrganization(people), 'tollgate workspaces people main');
  const place = group
    .command('place')
    .description('Gives a user a place in a workspace: owner, member or viewer; with --remove, takes it away.')
    .argument('<name>')
    .argument('<user>')
    .argument('[role]', 'owner, member or viewer', 'member')
    .option('--remove', 'takes the place away')
    .action((name: string, user: string, role: string, { remove, ...options }: OrganizationOptions & { remove?: true }) =>
      withClient(options, around.environment, async (client) => {
        const path = pathOf(`workspaces/${encodeURIComponent(name)}/users/${encodeURIComponent(user)}`, options);
        if (remove === true) {
          const taken = await client.ask<z.output<typeof takenPlace>>('DELETE', path);
          const note = taken.note === undefined ? [] : [taken.note];
          print(options, taken, [`${user} is in ${name} no more.`, ...note].join('\n'));
          return;
        }
        const done = await client.ask<z.output<typeof onePlace>>('PUT', path, { role });
        print(options, done, `${user} is in ${name} as ${role}.`);
      }),
    );
  withExample(withOrganization(place), 'tollgate workspaces place research ann viewer');
}
