// `tollgate verify`: re-adds the books.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { verified } from '@tollgate/shared/operate-contract';
import { readConfig, type Environment } from '../config.ts';
import { print, table, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { EXIT } from './exit-code.ts';
import { addressOf, answersAt, withClient } from './gateway-client.ts';

export function addVerify(program: Command, around: Around): void {
  const command = program
    .command('verify')
    .description('Re-adds every entry, hold, charge and roll-up. Exit code 1 where something does not add up.')
    .action(async (options: CommonOptions) => {
      const found = await verifiedBy(options, around.environment);
      print(options, found, verifiedText(found));
      if (!found.ok) around.exitCode = EXIT.found;
    });
  withExample(withGateway(command), 'tollgate verify && echo the books add up');
}

type Found = z.output<typeof verified>;

/** A running gateway verifies what it has open; a store that no one has open is only read. */
async function verifiedBy(options: CommonOptions, environment: Environment): Promise<Found> {
  const config = readConfig(options.config, environment);
  if (options.url === undefined && !(await answersAt(addressOf(config)))) {
    const { verifyStopped } = await import('./verify-stopped.ts');
    return verifyStopped(config);
  }
  let found: Found | undefined;
  await withClient(options, environment, async (client) => {
    found = await client.ask<Found>('GET', 'verify');
  });
  if (found === undefined) throw new Error('the gateway gave no answer');
  return found;
}

function verifiedText({ ok, findings, more }: Found): string {
  if (ok) return 'Everything adds up.';
  const rows = findings.map(({ table: where, id, problem }) => [where, id, problem]);
  return `${table(['table', 'row', 'problem'], rows)}\n${more ? 'More than ' : ''}${findings.length} findings.`;
}
