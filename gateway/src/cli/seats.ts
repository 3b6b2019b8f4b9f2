// `tollgate seats`: what people sit in.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { gone, madeSeat, oneSeat, seat, seats } from '@tollgate/shared/people-contract';
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

interface ChangeOptions extends OrganizationOptions {
  type?: string;
  user?: string;
  empty?: true;
}

export function addSeats(program: Command, around: Around): void {
  const group = program.command('seats').description('Makes, lists, changes and removes seats.');
  const list = group
    .command('list')
    .description("Lists the organization's seats and who sits in them.")
    .action((options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof seats>>('GET', pathOf('seats', options, { limit: '1000' }));
        const rows = found.seats.map(({ id, type, user, since }) => [id, type, user ?? '', since]);
        print(options, found, table(['seat', 'type', 'user', 'since'], rows));
      }),
    );
  withExample(withOrganization(list), 'tollgate seats list');
  const create = group
    .command('create')
    .description('Makes a seat of a type that the plan has.')
    .argument('<id>')
    .argument('<type>')
    .option('--user <id>', 'who sits in it')
    .action((id: string, type: string, { user, ...options }: OrganizationOptions & { user?: string }) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof madeSeat>>('POST', pathOf('seats', options), {
          id,
          type,
          ...present({ user }),
        });
        print(options, done, oneText(done.seat));
      }),
    );
  withExample(withOrganization(create), 'tollgate seats create s1 pro --user ann');
  const change = group
    .command('change')
    .description('Gives a seat another type or another user, or empties it. Credits that were given stay.')
    .argument('<id>')
    .option('--type <type>', 'another type of the plan')
    .option('--user <id>', 'who sits in it from now on')
    .option('--empty', 'nobody sits in it')
    .action((id: string, { type, user, empty, ...options }: ChangeOptions) =>
      withClient(options, around.environment, async (client) => {
        const body = { ...present({ type, user }), ...(empty === true ? { user: null } : {}) };
        const done = await client.ask<z.output<typeof oneSeat>>(
          'PATCH',
          pathOf(`seats/${encodeURIComponent(id)}`, options),
          body,
        );
        print(options, done, oneText(done.seat));
      }),
    );
  withExample(withOrganization(change), 'tollgate seats change s1 --type max', 'tollgate seats change s1 --empty');
  const remove = group
    .command('remove')
    .description('Removes a seat.')
    .argument('<id>')
    .action((id: string, options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof gone>>('DELETE', pathOf(`seats/${encodeURIComponent(id)}`, options));
        print(options, done, `${done.gone} is gone.`);
      }),
    );
  withExample(withOrganization(remove), 'tollgate seats remove s1');
}

function oneText({ id, type, user }: z.output<typeof seat>): string {
  return `${id}: a ${type} seat, ${user === null ? 'empty' : `of ${user}`}.`;
}
