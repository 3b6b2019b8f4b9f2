// `tollgate calls`: the newest calls, or the receipt of one.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { calls, receipt } from '@tollgate/shared/contract';
import { print, table, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { withClient } from './gateway-client.ts';

interface CallsOptions extends CommonOptions {
  operation?: string;
  key?: string;
  workspace?: string;
  state?: string;
  before?: string;
  limit: string;
  wait?: string;
}

export function addCalls(program: Command, around: Around): void {
  const command = program
    .command('calls')
    .description('Lists calls, newest first; with an id, shows the receipt of one.')
    .argument('[id]', 'a call')
    .option('--operation <id>', 'only of this operation')
    .option('--key <id>', 'only of this key')
    .option('--workspace <name>', 'only of this workspace')
    .option('--state <state>', 'only open, settled, released or lapsed ones')
    .option('--before <id>', 'only older ones than this call')
    .option('--limit <n>', 'how many', '20')
    .option('--wait <time>', 'with an id: wait for its end, up to 30s')
    .action((id: string | undefined, options: CallsOptions) =>
      withClient(options, around.environment, async (client) => {
        if (id === undefined) {
          const found = await client.ask<z.output<typeof calls>>('GET', `calls?${queryOf(options)}`);
          print(options, found, listText(found));
        } else {
          const wait = options.wait === undefined ? '' : `?wait=${encodeURIComponent(options.wait)}`;
          const found = await client.ask<z.output<typeof receipt>>('GET', `calls/${encodeURIComponent(id)}${wait}`);
          print(options, found, receiptText(found));
        }
      }),
    );
  withExample(withGateway(command), 'tollgate calls --operation chat.complete --limit 5', 'tollgate calls <id> --wait 5s');
}

function queryOf({ operation, key, workspace, state, before, limit }: CallsOptions): string {
  const given = Object.entries({ operation, key, workspace, state, before, limit });
  return new URLSearchParams(given.filter((pair): pair is [string, string] => pair[1] !== undefined)).toString();
}

function listText({ calls: found, next }: z.output<typeof calls>): string {
  if (found.length === 0) return 'No calls.';
  const rows = found.map(({ id, heldAt, operation, state, hold, charge, key, flags }) => {
    return [id, heldAt, operation, state, String(hold), charge === null ? '' : String(charge), key, flags.join(' ')];
  });
  const more = next === null ? '' : `\nOlder ones: --before ${next}`;
  return `${table(['call', 'held at', 'operation', 'state', 'hold', 'charge', 'key', 'flags'], rows)}${more}`;
}

function receiptText(call: z.output<typeof receipt>): string {
  const { id, state, operation, method, path, hold, charge, lines, free, absorbed, paidBy, availableBefore, availableAfter } =
    call;
  return [
    `${id}  ${state}`,
    `${operation}  ${method} ${path}  (rate card ${call.rateCard})`,
    ...lines.map(
      ({ arithmetic, credits, free: why }) => `  ${arithmetic} = ${credits}${why === undefined ? '' : ` (free: ${why})`}`,
    ),
    `held ${hold}, charged ${charge ?? 'nothing'}${call.why === null ? '' : ` (${call.why})`}`,
    ...(free === 0 ? [] : [`free parts would have cost ${free}`]),
    ...(absorbed === 0 ? [] : [`the operator absorbed ${absorbed}`]),
    ...paidBy.map(({ account, grant, amount }) => `  ${amount} from ${account}, grant ${grant}`),
    `available before ${availableBefore}, after ${availableAfter ?? '…'}`,
    ...(call.flags.length === 0 ? [] : [`flags: ${call.flags.join(', ')}`]),
  ].join('\n');
}
