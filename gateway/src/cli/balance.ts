// `tollgate balance`: what can be spent now.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { balance } from '@tollgate/shared/balance-contract';
import { print, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { withClient } from './gateway-client.ts';

export function addBalance(program: Command, around: Around): void {
  const command = program
    .command('balance')
    .description('Shows what can be spent now, and what open calls hold.')
    .action((options: CommonOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof balance>>('GET', 'balance');
        print(options, found, balanceText(found));
      }),
    );
  withExample(withGateway(command), 'tollgate balance');
}

function balanceText({ organization, available, held, nextExpiryAt, sources }: z.output<typeof balance>): string {
  return [
    `${organization}: ${available} credits available, ${held} held by open calls`,
    ...sources.map((source) => `  ${source.account}: ${source.available} available, ${source.held} held`),
    ...(nextExpiryAt === null ? [] : [`The next grant ends ${nextExpiryAt}.`]),
  ].join('\n');
}
