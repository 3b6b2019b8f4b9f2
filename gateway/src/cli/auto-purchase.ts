// `tollgate auto-purchase`: packages that are bought by themselves when little is left in the pool.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { oneAutoPurchase } from '@tollgate/shared/buying-contract';
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

type Answer = z.output<typeof oneAutoPurchase>;

interface SetOptions extends OrganizationOptions {
  package?: string;
  threshold?: string;
  most?: string;
  coolDown?: string;
  pause?: true;
  resume?: true;
}

export function addAutoPurchase(program: Command, around: Around): void {
  const group = program.command('auto-purchase').description('Shows, sets and ends auto-purchase.');
  const get = group
    .command('get')
    .description('Shows the settings of auto-purchase, and why it stands still where it does.')
    .action((options: OrganizationOptions) => ask(around, options, 'GET'));
  withExample(withOrganization(get), 'tollgate auto-purchase get');
  const set = group
    .command('set')
    .description('Sets, changes, pauses or resumes auto-purchase. What is left out stays as it is.')
    .option('--package <name>', 'what is bought; needed the first time')
    .option('--threshold <credits>', 'bought when less than this is available in the pool; needed the first time')
    .option('--most <n>', 'the most purchases in a cycle; 10 at first')
    .option('--cool-down <time>', 'between two purchases at least; 10m at first')
    .option('--pause', 'nothing is bought until it is resumed')
    .option('--resume', 'go on')
    .action(({ package: item, threshold, most, coolDown, pause, resume, ...options }: SetOptions) => {
      if (pause === true && resume === true) throw new CommandError(EXIT.wrongUse, 'Either --pause or --resume, not both.');
      const paused = pause === true ? true : resume === true ? false : undefined;
      const amounts = { threshold: numberOf(threshold, '--threshold'), mostPerCycle: numberOf(most, '--most') };
      return ask(around, options, 'PATCH', present({ package: item, ...amounts, coolDown, paused }));
    });
  withExample(withOrganization(set), 'tollgate auto-purchase set --package small --threshold 100 --most 5');
  const off = group
    .command('off')
    .description('Ends auto-purchase.')
    .action((options: OrganizationOptions) => ask(around, options, 'DELETE'));
  withExample(withOrganization(off), 'tollgate auto-purchase off');
}

async function ask(
  around: Around,
  options: OrganizationOptions,
  method: 'GET' | 'PATCH' | 'DELETE',
  body?: object,
): Promise<void> {
  await withClient(options, around.environment, async (client) => {
    const answer = await client.ask<Answer>(method, pathOf('auto-purchase', options), body);
    print(options, answer, textOf(answer));
  });
}

function textOf({ autoPurchase, charging }: Answer): string {
  if (autoPurchase === null) return 'Nothing is bought by itself.';
  const { package: item, threshold, mostPerCycle, coolDown, paused, price, credits, bought } = autoPurchase;
  const costs = price === null ? 'not sold now' : `${credits ?? 0} credits for ${price.amount} ${price.currency}`;
  return [
    `${item} (${costs}) is bought when less than ${threshold} credits are available in the pool; charging: ${charging}.`,
    `At most ${mostPerCycle} in a cycle, ${bought} so far, ${coolDown} between two.`,
    ...(paused === null ? [] : [`It stands still since ${paused.at}: ${paused.reason}`]),
  ].join('\n');
}
