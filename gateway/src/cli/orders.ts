// `tollgate orders`: what was bought, and the operator's word where payments are confirmed by hand.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { madeOrder, oneOrder, order, orders } from '@tollgate/shared/buying-contract';
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

type ListOptions = OrganizationOptions & { state?: string };

export function addOrders(program: Command, around: Around): void {
  const group = program.command('orders').description('Lists and makes orders, and confirms or declines their payments by hand.');
  const list = group
    .command('list')
    .description('Lists what was bought, by id.')
    .option('--state <state>', 'open, paid, declined or ended')
    .action(({ state, ...options }: ListOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof orders>>(
          'GET',
          pathOf('orders', options, { limit: '1000', ...present({ state }) }),
        );
        const rows = found.orders.map((one) => [one.id, one.item, priceText(one), one.state, one.charging, one.madeAt]);
        print(options, found, table(['order', 'item', 'price', 'state', 'charging', 'made'], rows));
      }),
    );
  withExample(withOrganization(list), 'tollgate orders list --state open');
  const create = group
    .command('create')
    .description('Orders a package, or with --plan a plan. The id makes it repeatable.')
    .argument('<id>')
    .argument('<item>')
    .option('--plan', 'the item is a plan')
    .action((id: string, item: string, { plan, ...options }: OrganizationOptions & { plan?: true }) =>
      withClient(options, around.environment, async (client) => {
        const body = { id, item, what: plan === true ? 'plan' : 'package' };
        const done = await client.ask<z.output<typeof madeOrder>>('POST', pathOf('orders', options), body);
        print(options, done, oneText(done.order));
      }),
    );
  withExample(withOrganization(create), 'tollgate orders create 2026-12 small', 'tollgate orders create upgrade team --plan');
  for (const [name, about] of [
    ['confirm', 'Says that the money has come: the credits are granted, once.'],
    ['decline', 'Says that no money will come.'],
  ] as const) {
    const word = group
      .command(name)
      .description(about)
      .argument('<id>')
      .option('--reason <text>', 'why, for the audit and whoever ordered')
      .action((id: string, { reason, ...options }: OrganizationOptions & { reason?: string }) =>
        withClient(options, around.environment, async (client) => {
          const path = pathOf(`orders/${encodeURIComponent(id)}/${name}`, options);
          const done = await client.ask<z.output<typeof oneOrder>>('POST', path, present({ reason }));
          print(options, done, oneText(done.order));
        }),
      );
    withExample(withOrganization(word), `tollgate orders ${name} 2026-12`);
  }
}

function oneText(one: z.output<typeof order>): string {
  const { id, item, state, url, grant, reason } = one;
  const where = state === 'open' && url !== null ? ` To pay: ${url}` : '';
  const why = reason === '' ? '' : ` ${reason}`;
  const made = grant === null ? '' : ` Granted as ${grant}.`;
  return `${id}: ${item} for ${priceText(one)}, ${state}.${made}${why}${where}`;
}

function priceText({ price }: z.output<typeof order>): string {
  return `${price.amount} ${price.currency}`;
}
