// `tollgate audit`: who changed what.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { audit } from '@tollgate/shared/operate-contract';
import { pathOf, print, table, withExample, withOrganization, type Around, type OrganizationOptions } from './command.ts';
import { withClient } from './gateway-client.ts';

interface AuditOptions extends OrganizationOptions {
  action?: string;
  by?: string;
  kind?: string;
  id?: string;
  before?: string;
  limit: string;
}

export function addAudit(program: Command, around: Around): void {
  const command = program
    .command('audit')
    .description('Lists who changed what, newest first; with --json also what was there before and after.')
    .option('--action <action>', 'only this, such as key.make')
    .option('--by <key>', 'only by this key')
    .option('--kind <kind>', 'with --id: only of this key, cap, seat, user …')
    .option('--id <id>', 'with --kind')
    .option('--before <number>', 'only earlier ones')
    .option('--limit <n>', 'how many', '20')
    .action(({ action, by, kind, id, before, limit, ...options }: AuditOptions) =>
      withClient(options, around.environment, async (client) => {
        const path = pathOf('audit', options, { action, by, kind, id, before, limit });
        const found = await client.ask<z.output<typeof audit>>('GET', path);
        print(options, found, listText(found));
      }),
    );
  withExample(withOrganization(command), 'tollgate audit --organization acme', 'tollgate audit --kind key --id web');
}

function listText({ audit: found, next }: z.output<typeof audit>): string {
  if (found.length === 0) return 'Nothing was changed.';
  const rows = found.map(({ number, at, by, from, organization, action, subject, reason }) => {
    return [String(number), at, by, from, organization ?? '', action, `${subject.kind} ${subject.id}`, reason];
  });
  const more = next === null ? '' : `\nEarlier ones: --before ${next}`;
  return `${table(['number', 'at', 'by', 'from', 'organization', 'action', 'what', 'reason'], rows)}${more}`;
}
