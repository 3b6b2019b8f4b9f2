// `tollgate webhooks`: where an organization's events are sent.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { madeWebhook, oneWebhook, tested, webhook, webhooks } from '@tollgate/shared/live-contract';
import {
  pathOf,
  present,
  print,
  several,
  table,
  withExample,
  withOrganization,
  type Around,
  type OrganizationOptions,
} from './command.ts';
import { addDeliveries } from './deliveries.ts';
import { withClient } from './gateway-client.ts';

type Webhook = z.output<typeof webhook>;
type Made = z.output<typeof madeWebhook>;

export function addWebhooks(program: Command, around: Around): void {
  const group = program.command('webhooks').description('Makes, lists, rotates, tests and deletes webhooks, and sends again.');
  const list = group
    .command('list')
    .description("Lists the organization's webhooks.")
    .action((options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof webhooks>>('GET', pathOf('webhooks', options));
        const rows = found.webhooks.map((one) => [one.id, one.url, typesText(one), one.disabled ?? 'on']);
        print(options, found, table(['webhook', 'url', 'types', 'state'], rows));
      }),
    );
  withExample(withOrganization(list), 'tollgate webhooks list');
  const create = group
    .command('create')
    .description('Makes a webhook and prints its secret, once. A repeat with the same id makes no second one.')
    .argument('<id>')
    .argument('<url>')
    .option('--type <type>', 'only events of this type; may be given more than once, all where it is left out', several, [])
    .action((id: string, url: string, { type, ...options }: OrganizationOptions & { type: string[] }) =>
      withClient(options, around.environment, async (client) => {
        const made = await client.ask<Made>('POST', pathOf('webhooks', options), { id, url, types: type });
        print(options, made, madeText(made));
      }),
    );
  withExample(
    withOrganization(create),
    'tollgate webhooks create alerts https://example.com/hook --type alert.crossed --type purchase.paid',
  );
  const rotate = group
    .command('rotate')
    .description('Makes a new secret and prints it, once. The one before signs along for the overlap.')
    .argument('<id>')
    .option('--overlap <time>', 'how long, such as 24h or 7d', '24h')
    .action((id: string, { overlap, ...options }: OrganizationOptions & { overlap: string }) =>
      withClient(options, around.environment, async (client) => {
        const made = await client.ask<Made>('POST', pathOf(`${pathTo(id)}/rotate`, options), { overlap });
        print(options, made, madeText(made));
      }),
    );
  withExample(withOrganization(rotate), 'tollgate webhooks rotate alerts --overlap 7d');
  addTest(group, around);
  addDeliveries(group, around);
  const remove = group
    .command('delete')
    .description('Deletes a webhook; what is on its way to it is not sent.')
    .argument('<id>')
    .action((id: string, options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof oneWebhook>>('DELETE', pathOf(pathTo(id), options));
        print(options, done, `${done.webhook.id} is gone.`);
      }),
    );
  withExample(withOrganization(remove), 'tollgate webhooks delete alerts');
}

function addTest(group: Command, around: Around): void {
  const command = group
    .command('test')
    .description('Sends a test to this webhook alone.')
    .argument('<id>')
    .action((id: string, options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof tested>>('POST', pathOf(`${pathTo(id)}/test`, options), present({}));
        print(options, done, `${done.event} is on its way; what came of it is in: tollgate webhooks deliveries ${id}`);
      }),
    );
  withExample(withOrganization(command), 'tollgate webhooks test alerts');
}

function pathTo(id: string): string {
  return `webhooks/${encodeURIComponent(id)}`;
}

/** The secret on a line of its own, as that of a key. */
function madeText({ webhook: made, secret }: Made): string {
  const about = `${made.id}: ${typesText(made)} to ${made.url}`;
  return secret === null ? `${about}\nIt was there; rotate it where its secret was lost.` : `${secret}\n${about}`;
}

function typesText({ types }: Webhook): string {
  return types.length === 0 ? 'all' : types.join(', ');
}
