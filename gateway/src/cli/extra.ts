// `tollgate extra`: extra credits by cycle, with what they cost.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { extraCredits } from '@tollgate/shared/buying-contract';
import { pathOf, print, table, withExample, withOrganization, type Around, type OrganizationOptions } from './command.ts';
import { withClient } from './gateway-client.ts';

type Extra = z.output<typeof extraCredits>;

export function addExtra(program: Command, around: Around): void {
  const command = program
    .command('extra')
    .description('Shows extra credits by cycle, with their fees and the bills for them.')
    .option('--limit <n>', 'how many cycles', '12')
    .action(({ limit, ...options }: OrganizationOptions & { limit: string }) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<Extra>('GET', pathOf('extra', options, { limit }));
        print(options, found, textOf(found));
      }),
    );
  withExample(withOrganization(command), 'tollgate extra --organization acme');
}

function textOf({ limit, fee, cycles, charging }: Extra): string {
  const each = fee === null ? 'the plan has none' : `${fee.amount} ${fee.currency} each`;
  const head = `Up to ${limit} extra credits in a cycle, ${each}; charging: ${charging}.`;
  if (cycles.length === 0) return `${head}\nNone were drawn.`;
  const rows = cycles.map(({ from, credits, held, fees, bills }) => {
    const money = fees.map((one) => `${one.fee.amount} ${one.fee.currency}`).join(', ');
    return [from, String(credits), String(held), money, bills.join(', ')];
  });
  return `${head}\n${table(['cycle from', 'drawn', 'held', 'fees', 'bills'], rows)}`;
}
