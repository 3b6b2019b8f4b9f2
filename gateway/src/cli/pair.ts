// `tollgate pair`: lets a browser in. It gets a key of its own that sees a balance and never spends; the code for it is good once.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { pairing } from '@tollgate/shared/pairing-contract';
import { pathOf, present, print, withExample, withOrganization, type Around, type OrganizationOptions } from './command.ts';
import { withClient } from './gateway-client.ts';

type Pairing = z.output<typeof pairing>;

interface PairOptions extends OrganizationOptions {
  user?: string;
  workspace?: string;
}

export function addPair(program: Command, around: Around): void {
  const command = program
    .command('pair')
    .description('Makes a code that pairs a browser, once. What it gets sees a balance and can never spend.')
    .option('--user <id>', 'whose browser it is; without it, it sees what the workspace has and spends')
    .option('--workspace <name>', 'where; a place of the user, or that of the operate key, where it is left out')
    .action((options: PairOptions) =>
      withClient(options, around.environment, async (client) => {
        const { user, workspace } = options;
        const path = pathOf('pairings', options);
        const made = await client.ask<Pairing>('POST', path, present({ user, workspace }));
        print(options, made, pairingText(made));
      }),
    );
  withExample(withOrganization(command), 'tollgate pair', 'tollgate pair --user ann --organization acme');
}

function pairingText({ code, link, expiresAt }: Pairing): string {
  return `${link}\n${code}: paste the link in the extension, or the gateway's address and the code. Good once, until ${expiresAt}.`;
}
