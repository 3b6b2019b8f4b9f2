// `tollgate verify`: re-adds the books.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { verified } from '@tollgate/shared/operate-contract';
import { print, table, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { EXIT } from './exit-code.ts';
import { withClient } from './gateway-client.ts';

export function addVerify(program: Command, around: Around): void {
  const command = program
    .command('verify')
    .description('Re-adds every entry, hold, charge and roll-up. Exit code 1 where something does not add up.')
    .action((options: CommonOptions) =>
      withClient(options, around.environment, async (client) => {
        const found = await client.ask<z.output<typeof verified>>('GET', 'verify');
        print(options, found, verifiedText(found));
        if (!found.ok) around.exitCode = EXIT.found;
      }),
    );
  withExample(withGateway(command), 'tollgate verify && echo the books add up');
}

function verifiedText({ ok, findings, more }: z.output<typeof verified>): string {
  if (ok) return 'Everything adds up.';
  const rows = findings.map(({ table: where, id, problem }) => [where, id, problem]);
  return `${table(['table', 'row', 'problem'], rows)}\n${more ? 'More than ' : ''}${findings.length} findings.`;
}
