// `tollgate webhooks deliveries` and `replay`: what was sent, what came of it, and sending it again.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { deliveries, oneDelivery, replayed } from '@tollgate/shared/live-contract';
import { pathOf, print, table, withExample, withOrganization, type Around, type OrganizationOptions } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { withClient } from './gateway-client.ts';

interface ListOptions extends OrganizationOptions {
  state?: string;
  before?: string;
  limit: string;
}

interface ReplayOptions extends OrganizationOptions {
  since?: string;
  delivery?: string;
}

export function addDeliveries(group: Command, around: Around): void {
  const list = group
    .command('deliveries')
    .description('Lists what was sent to a webhook and what came of it, newest first.')
    .argument('<id>')
    .option('--state <state>', 'waiting, delivered or dead')
    .option('--before <delivery>', 'only earlier ones')
    .option('--limit <n>', 'how many', '20')
    .action((id: string, { state, before, limit, ...options }: ListOptions) =>
      withClient(options, around.environment, async (client) => {
        const path = pathOf(`webhooks/${encodeURIComponent(id)}/deliveries`, options, { state, before, limit });
        const found = await client.ask<z.output<typeof deliveries>>('GET', path);
        print(options, found, listText(found));
      }),
    );
  withExample(withOrganization(list), 'tollgate webhooks deliveries alerts --state dead');
  const replay = group
    .command('replay')
    .description('Tries everything again that was given up since a time, or sends one delivery again.')
    .argument('<id>')
    .option('--since <time>', 'deliveries of events from then on')
    .option('--delivery <id>', 'this one alone, also where it has arrived')
    .action((id: string, { since, delivery, ...options }: ReplayOptions) => {
      if ((since === undefined) === (delivery === undefined))
        throw new CommandError(EXIT.wrongUse, 'Say --since and a time, or --delivery and an id.');
      return withClient(options, around.environment, async (client) => {
        if (delivery !== undefined) {
          const path = pathOf(`deliveries/${encodeURIComponent(delivery)}/replay`, options);
          const sent = await client.ask<z.output<typeof oneDelivery>>('POST', path, {});
          print(options, sent, `${sent.delivery.id} is on its way.`);
          return;
        }
        const path = pathOf(`webhooks/${encodeURIComponent(id)}/replay`, options);
        const done = await client.ask<z.output<typeof replayed>>('POST', path, { since });
        print(options, done, `${done.replayed} are tried again.${done.more ? ' There are more: ask again.' : ''}`);
      });
    });
  withExample(withOrganization(replay), 'tollgate webhooks replay alerts --since 2026-12-01T00:00:00Z');
}

function listText({ deliveries: found, next }: z.output<typeof deliveries>): string {
  if (found.length === 0) return 'Nothing was sent.';
  const rows = found.map((one) => [
    one.id,
    one.type,
    one.state,
    String(one.attempts),
    one.lastAt ?? '',
    one.lastError === '' ? String(one.lastStatus ?? '') : one.lastError,
    one.nextAt ?? '',
  ]);
  const more = next === null ? '' : `\nEarlier ones: --before ${next}`;
  return `${table(['delivery', 'type', 'state', 'attempts', 'last', 'answer', 'next'], rows)}${more}`;
}
