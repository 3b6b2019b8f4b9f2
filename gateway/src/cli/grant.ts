// `tollgate grant`: credits by hand.
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { madeGrant } from '@tollgate/shared/operate-contract';
import {
  numberOf,
  pathOf,
  present,
  print,
  withExample,
  withOrganization,
  type Around,
  type OrganizationOptions,
} from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { withClient } from './gateway-client.ts';

interface GrantOptions extends OrganizationOptions {
  package?: string;
  id?: string;
  account?: string;
  kind?: string;
  priority?: string;
  effective?: string;
  expires?: string;
  reason?: string;
}

export function addGrant(program: Command, around: Around): void {
  const command = program
    .command('grant')
    .description("Grants credits to the organization's pool.")
    .argument('[credits]', 'an amount; or --package')
    .option('--package <name>', 'a package of the rate card, with its credits and months')
    .option('--id <id>', 'a repeat with the same id grants nothing twice')
    .option('--account <account>', 'another account than the pool')
    .option('--kind <kind>', 'allowance, lifetime, top-up, promo or rollover')
    .option('--priority <n>', 'lower burns first')
    .option('--effective <time>', 'from when on it can be spent')
    .option('--expires <time>', 'when what is left of it ends')
    .option('--reason <text>', 'for the books')
    .action((credits: string | undefined, options: GrantOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof madeGrant>>(
          'POST',
          pathOf('grants', options),
          wantedGrant(credits, options),
        );
        const { id, amount, account, expiresAt } = done.grant;
        const until = expiresAt === null ? '' : `, until ${expiresAt}`;
        print(
          options,
          done,
          done.repeated
            ? `The grant ${id} was made before; nothing was granted again.`
            : `Granted ${amount} credits to ${account}${until} (grant ${id}).`,
        );
      }),
    );
  withExample(
    withOrganization(command),
    'tollgate grant 500 --expires 2027-01-01T00:00:00Z --reason "first month"',
    'tollgate grant --package small --organization acme',
  );
}

function wantedGrant(credits: string | undefined, { id, package: sold, expires, effective, ...given }: GrantOptions): object {
  const { account, kind, priority, reason } = given;
  if ((credits === undefined) === (sold === undefined)) {
    throw new CommandError(EXIT.wrongUse, 'An amount or --package is needed, and not both: 500 or 0.25 would be right.');
  }
  return {
    id: id ?? `grant-${randomUUID()}`,
    ...present({ amount: numberOf(credits, 'the amount'), package: sold, account, kind, reason }),
    ...present({ priority: numberOf(priority, '--priority'), effectiveAt: effective, expiresAt: expires }),
  };
}
