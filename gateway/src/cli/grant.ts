// `tollgate grant`: credits by hand.
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { madeGrant } from '@tollgate/shared/operate-contract';
import { print, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { withClient } from './gateway-client.ts';

interface GrantOptions extends CommonOptions {
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
    .argument('<credits>')
    .option('--id <id>', 'a repeat with the same id grants nothing twice')
    .option('--account <account>', 'another account than the pool')
    .option('--kind <kind>', 'allowance, lifetime, top-up, promo or rollover')
    .option('--priority <n>', 'lower burns first')
    .option('--effective <time>', 'from when on it can be spent')
    .option('--expires <time>', 'when what is left of it ends')
    .option('--reason <text>', 'for the books')
    .action((credits: string, options: GrantOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<z.output<typeof madeGrant>>('POST', 'grants', wantedGrant(credits, options));
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
  withExample(withGateway(command), 'tollgate grant 500 --expires 2027-01-01T00:00:00Z --reason "first month"');
}

function wantedGrant(credits: string, { id, account, kind, priority, effective, expires, reason }: GrantOptions): object {
  const amount = Number(credits);
  if (credits.trim() === '' || Number.isNaN(amount))
    throw new CommandError(EXIT.wrongUse, `"${credits}" is not an amount; 500 or 0.25 would be right.`);
  const given = {
    account,
    kind,
    priority: priority === undefined ? undefined : Number(priority),
    effectiveAt: effective,
    expiresAt: expires,
    reason,
  };
  return {
    id: id ?? `grant-${randomUUID()}`,
    amount,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}
