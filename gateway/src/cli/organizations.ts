// `tollgate organizations`: who pays, with plan, cycle and zone.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { madeOrganization, oneOrganization, organization, organizations } from '@tollgate/shared/people-contract';
import {
  numberOf,
  parted,
  present,
  print,
  several,
  table,
  withExample,
  withGateway,
  type Around,
  type CommonOptions,
} from './command.ts';
import { withClient } from './gateway-client.ts';

interface WantedOptions extends CommonOptions {
  name?: string;
  person?: string;
  timeZone?: string;
  plan?: string;
  anchor?: string;
  extraLimit?: string;
  seats: string[];
}

export function addOrganizations(program: Command, around: Around): void {
  const group = program.command('organizations').description('Makes, lists, changes and closes organizations: who pays.');
  const list = group
    .command('list')
    .description('Lists organizations, by id.')
    .action((options: CommonOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof organizations>>('GET', 'organizations?limit=1000');
        print(options, found, listText(found));
      }),
    );
  withExample(withGateway(list), 'tollgate organizations list');
  const create = withWanted(
    group.command('create').description('Makes an organization, with a workspace to begin in.').argument('<id>'),
  )
    .option('--person <user>', 'an organization of one: of this user')
    .action((id: string, options: WantedOptions) =>
      withClient(options, around.environment, async (client) => {
        const { person } = options;
        const body = { id, ...wanted(options), ...(person === undefined ? {} : { kind: 'person', user: person }) };
        const done = await client.ask<z.output<typeof madeOrganization>>('POST', 'organizations', body);
        print(options, done, done.repeated ? `${id} was made before.` : oneText(done.organization));
      }),
    );
  withExample(withGateway(create), 'tollgate organizations create acme --plan team --time-zone Europe/Berlin --seats pro=5');
  const change = withWanted(
    group.command('change').description('Changes an organization; a plan is `none` for none.').argument('<id>'),
  ).action((id: string, options: WantedOptions) =>
    withClient(options, around.environment, async (client) => {
      const body = wanted(options);
      const done = await client.ask<z.output<typeof oneOrganization>>('PATCH', `organizations/${encodeURIComponent(id)}`, body);
      print(options, done, oneText(done.organization));
    }),
  );
  withExample(
    withGateway(change),
    'tollgate organizations change acme --plan bigger',
    'tollgate organizations change acme --extra-limit 500',
  );
  const close = group
    .command('close')
    .description('Closes an organization: nothing is spent in it any more.')
    .argument('<id>')
    .action((id: string, options: CommonOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof oneOrganization>>('DELETE', `organizations/${encodeURIComponent(id)}`);
        print(options, done, oneText(done.organization));
      }),
    );
  withExample(withGateway(close), 'tollgate organizations close acme');
}

function withWanted(command: Command): Command {
  return command
    .option('--name <text>', 'for people')
    .option('--time-zone <zone>', 'IANA zone of its windows and cycles')
    .option('--plan <name>', 'a plan of the rate card')
    .option('--anchor <date>', 'the local date that its subscription began, such as 2026-01-31; given once')
    .option('--extra-limit <credits>', 'the most extra credits in a cycle')
    .option(
      '--seats <type=n>',
      'how many seats of a type that is sold or gives credits its managers may make; may be given more than once',
      several,
      [],
    );
}

function wanted({ name, timeZone, plan, anchor, extraLimit, seats }: WantedOptions): object {
  const most = Object.fromEntries(
    seats.map((pair) => {
      const [type, count] = parted(pair, '--seats', 'pro=5');
      return [type, numberOf(count, '--seats')];
    }),
  );
  return {
    ...present({ name, timeZone, anchor, extraLimit: numberOf(extraLimit, '--extra-limit') }),
    ...(plan === undefined ? {} : { plan: plan === 'none' ? null : plan }),
    ...(seats.length === 0 ? {} : { seatsMost: most }),
  };
}

type Organization = z.output<typeof organization>;

function listText({ organizations: found }: z.output<typeof organizations>): string {
  const rows = found.map(({ id, name, kind, plan, timeZone, cycle, extraLimit, closedAt }) => {
    const state = closedAt === null ? 'open' : `closed ${closedAt}`;
    return [id, name, kind, plan ?? '', timeZone, cycle?.until ?? '', String(extraLimit), state];
  });
  return table(['organization', 'name', 'kind', 'plan', 'zone', 'cycle until', 'extra', 'state'], rows);
}

function oneText({ id, name, plan, timeZone, cycle, next, extraLimit, closedAt }: Organization): string {
  return [
    `${id} (${name}): ${plan === null ? 'no plan' : `plan ${plan}`}, zone ${timeZone}, up to ${extraLimit} extra credits a cycle`,
    ...(cycle === null ? [] : [`  its ${cycle.every} runs from ${cycle.from} to ${cycle.until}`]),
    ...(next === null
      ? []
      : [`  from ${next.at} on: ${next.plan === null ? 'no plan' : `plan ${next.plan}`}, zone ${next.timeZone}`]),
    ...(closedAt === null ? [] : [`  closed ${closedAt}`]),
  ].join('\n');
}
