// `tollgate estimate`: what a call would probably cost, once or on a schedule. Nothing is sent.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { estimate } from '@tollgate/shared/estimates-contract';
import { pathOf, present, print, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { describedCall, withCall, type CallOptions } from './described-call.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { withClient } from './gateway-client.ts';

type Estimate = z.output<typeof estimate>;

interface EstimateOptions extends CommonOptions, CallOptions {
  cron?: string;
  every?: string;
  timeZone?: string;
  context?: string;
}

export function addEstimate(program: Command, around: Around): void {
  const command = program
    .command('estimate')
    .description('Shows what a call would cost in the workspace of the operate key, by what past calls used. Nothing is sent.')
    .argument('<method>', 'such as POST')
    .argument('<path>', 'with the service and the query: /openai/v1/chat/completions')
    .option('--cron <schedule>', 'how often it would be made: minute, hour, day, month, weekday')
    .option('--every <interval>', 'or how often at even intervals: 15m, 2h, 1d')
    .option('--time-zone <zone>', "of the schedule; the organization's where it is left out")
    .option('--context <workspace>', 'another context of the key, as Credits-Context picks it')
    .action((method: string, path: string, { cron, every, timeZone, context, ...options }: EstimateOptions) => {
      const isOften = cron !== undefined || every !== undefined;
      if (!isOften && timeZone !== undefined) throw new CommandError(EXIT.wrongUse, '--time-zone goes with --cron or --every.');
      const schedule = isOften ? present({ cron, every, timeZone }) : undefined;
      const body = present<unknown>({ call: describedCall(method, path, options), schedule });
      return withClient(options, around.environment, async (client) => {
        const found = await client.ask<Estimate>('POST', pathOf('estimates', {}, { context }), body);
        print(options, found, textOf(found));
      });
    });
  withExample(
    withGateway(withCall(command)),
    `tollgate estimate POST /openai/v1/chat/completions -d '{"model":"gpt-4o"}'`,
    'tollgate estimate GET /data/v1/rows?limit=100 --cron "0 9 * * MON-FRI"',
  );
}

function textOf({ operation, exact, estimate: one, quote, would, available, refusal, schedule }: Estimate): string {
  const admitted =
    would === 'admit'
      ? `It would be admitted; ${available ?? 0} would be left.`
      : `It would be refused: ${refusal?.message ?? ''}`;
  return [
    exact ? `${operation}: ${one.high} credits.` : `${operation}: ${intervalText(one)}. At most ${quote} credits are held.`,
    admitted,
    ...(schedule === undefined ? [] : scheduleText(schedule)),
  ].join('\n');
}

function intervalText({ low, expected, high }: Estimate['estimate']): string {
  return expected === null ? `${low} to ${high} credits, as no past call tells` : `about ${expected} credits, ${low} to ${high}`;
}

function scheduleText(found: NonNullable<Estimate['schedule']>): string[] {
  const { from, until, runs, runsLeft, credits, allowance, share, next } = found;
  const part = allowance === null || share === null ? '' : `, ${share} % of the allowance of ${allowance}`;
  return [
    `From ${from} to ${until}: ${runs} runs, ${runsLeft} to come: ${intervalText(credits)}${part}.`,
    `Next: ${next.join(', ') || 'none'}`,
  ];
}
