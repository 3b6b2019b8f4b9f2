// `tollgate balance`: what can be spent now.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { balance } from '@tollgate/shared/balance-contract';
import { pathOf, print, withExample, withOrganization, type Around, type OrganizationOptions } from './command.ts';
import { withClient } from './gateway-client.ts';

type Balance = z.output<typeof balance>;

export function addBalance(program: Command, around: Around): void {
  const command = program
    .command('balance')
    .description('Shows what can be spent now, and what open calls hold.')
    .action((options: OrganizationOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof balance>>('GET', pathOf('balance', options));
        print(options, found, balanceText(found));
      }),
    );
  withExample(withOrganization(command), 'tollgate balance', 'tollgate balance --organization acme');
}

function balanceText({ organization, available, held, nextExpiryAt, sources, extra, cycle, caps, packages }: Balance): string {
  return [
    `${organization}: ${available} credits available, ${held} held by open calls`,
    ...sources.map((source) => `  ${source.account}: ${source.available} available, ${source.held} held`),
    ...(extra === null ? [] : [`  extra credits: ${extra.left} left of ${extra.limit}, at ${extra.fee} ${extra.currency} each`]),
    ...(cycle === null
      ? []
      : [`This ${cycle.every}: ${cycle.used} used of ${cycle.allowance} (${cycle.percent} %), until ${cycle.until}`]),
    ...caps.map(({ id, scope, window, used, limit, percent, mode }) => {
      return `  cap ${id} of ${scope.kind} ${scope.id}: ${used} of ${limit} in this ${window} (${percent} %, ${mode})`;
    }),
    ...packages.map(({ name, left, granted, expiresAt }) => {
      return `  bought: ${name}, ${left} left of ${granted}${expiresAt === null ? '' : `, until ${expiresAt}`}`;
    }),
    ...(nextExpiryAt === null ? [] : [`The next grant ends ${nextExpiryAt}.`]),
  ].join('\n');
}
