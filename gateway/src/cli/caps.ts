// `tollgate caps`: the most that a scope may spend in a window.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { cap, caps, madeCap, oneCap } from '@tollgate/shared/caps-contract';
import type { gone } from '@tollgate/shared/people-contract';
import {
  numberOf,
  parted,
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
  of: string;
  window: string;
  mode?: string;
}

interface ChangeOptions extends OrganizationOptions {
  limit?: string;
  mode?: string;
  raise?: string;
  until?: string;
  reason?: string;
}

export function addCaps(program: Command, around: Around): void {
  const group = program.command('caps').description('Makes, lists, changes, raises and removes caps.');
  const list = group
    .command('list')
    .description("Lists the organization's caps. How near they are is in the balance of whom they bind.")
    .action((options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof caps>>('GET', pathOf('caps', options, { limit: '1000' }));
        print(options, found, listText(found));
      }),
    );
  withExample(withOrganization(list), 'tollgate caps list');
  const create = group
    .command('create')
    .description('Makes a cap.')
    .argument('<id>')
    .argument('<credits>')
    .requiredOption('--of <kind=id>', 'key, user, workspace, organization, service, operation or chain; * is each one on its own')
    .requiredOption('--window <window>', 'hour, day, week, month, cycle or lifetime')
    .option('--mode <mode>', 'hard, soft or shadow')
    .action((id: string, credits: string, { of, window, mode, ...options }: CreateOptions) =>
      withClient(options, around.environment, async (client) => {
        const [kind, scopeId] = parted(of, '--of', 'user=ann');
        const body = { id, scope: { kind, id: scopeId }, window, limit: numberOf(credits, 'the cap'), ...present({ mode }) };
        const done = await client.ask<z.output<typeof madeCap>>('POST', pathOf('caps', options), body);
        print(options, done, oneText(done.cap));
      }),
    );
  withExample(
    withOrganization(create),
    'tollgate caps create anns 50 --of user=ann --window day',
    "tollgate caps create each 20 --of 'user=*' --window day",
  );
  addChange(group, around);
  const remove = group
    .command('remove')
    .description('Takes a cap away.')
    .argument('<id>')
    .action((id: string, options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof gone>>('DELETE', pathOf(`caps/${encodeURIComponent(id)}`, options));
        print(options, done, `${done.gone} is gone.`);
      }),
    );
  withExample(withOrganization(remove), 'tollgate caps remove anns');
}

function addChange(group: Command, around: Around): void {
  const command = group
    .command('change')
    .description('Changes the limit or the mode of a cap, or raises it for a time.')
    .argument('<id>')
    .option('--limit <credits>', 'another limit, from now on')
    .option('--mode <mode>', 'hard, soft or shadow')
    .option('--raise <credits>', 'a higher limit for a time, with --until and --reason; 0 ends the raise')
    .option('--until <time>', 'when the raise ends by itself')
    .option('--reason <text>', 'why it is raised')
    .action((id: string, { limit, mode, raise, until, reason, ...options }: ChangeOptions) =>
      withClient(options, around.environment, async (client) => {
        const body = { ...present({ limit: numberOf(limit, '--limit'), mode }), ...raiseOf(raise, until, reason) };
        const done = await client.ask<z.output<typeof oneCap>>('PATCH', pathOf(`caps/${encodeURIComponent(id)}`, options), body);
        print(options, done, oneText(done.cap));
      }),
    );
  withExample(
    withOrganization(command),
    'tollgate caps change anns --raise 100 --until 2026-12-01T00:00:00Z --reason "a report"',
  );
}

function raiseOf(raise: string | undefined, until: string | undefined, reason: string | undefined): object {
  if (raise === undefined && until === undefined) return {};
  const limit = numberOf(raise, '--raise');
  if (limit === 0) return { raise: null };
  if (limit === undefined || until === undefined || reason === undefined) {
    throw new CommandError(EXIT.wrongUse, 'A raise takes all three: --raise, --until and --reason.');
  }
  return { raise: { limit, until, reason } };
}

type Cap = z.output<typeof cap>;

function listText({ caps: found }: z.output<typeof caps>): string {
  const rows = found.map(({ id, scope, window, limit, mode, raise }) => {
    return [
      id,
      `${scope.kind} ${scope.id}`,
      window,
      String(limit),
      mode,
      raise === null ? '' : `${raise.limit} until ${raise.until}`,
    ];
  });
  return table(['cap', 'of', 'window', 'limit', 'mode', 'raised to'], rows);
}

function oneText({ id, scope, window, limit, mode, raise }: Cap): string {
  const raised = raise === null ? '' : `, raised to ${raise.limit} until ${raise.until}`;
  return `${id}: ${scope.kind} ${scope.id} may spend ${limit} in a ${window} (${mode})${raised}.`;
}
