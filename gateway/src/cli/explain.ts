// `tollgate explain`: what a call can cost and why, from the card alone; or what an ended call did cost, from the gateway.
import type { Command } from 'commander';
import type { z } from 'zod';
import type { explainedCall, explanation } from '@tollgate/shared/operate-contract';
import { explainDescribed } from '../api/explain.ts';
import { isRefusal, refusalBody } from '../call/refuse.ts';
import { CardError, readCard } from '../cards.ts';
import { cardToCheck } from './check.ts';
import { parted, print, several, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { describedCall, withCall, type CallOptions } from './described-call.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { withClient } from './gateway-client.ts';

interface ExplainOptions extends CommonOptions, CallOptions {
  card?: string;
  label: string[];
  plan?: string;
  call?: string;
}

type Explanation = z.output<typeof explanation>;

export function addExplain(program: Command, around: Around): void {
  const command = program
    .command('explain')
    .description('Explains a price: the operation, the ones that lost and why, inputs, bounds, arithmetic and rounding.')
    .argument('[method]', 'such as POST')
    .argument('[path]', 'with the service: /openai/v1/chat/completions')
    .option('--label <name=value>', 'a label as if fixed on the key; may be given more than once', several, [])
    .option('--plan <name>', 'the plan of who calls, for prices by plan')
    .option('--card <file>', 'another card than that of the configuration')
    .option('--call <id>', 'an ended call: its charge, computed again')
    .action(async (method: string | undefined, path: string | undefined, options: ExplainOptions) => {
      if (options.call !== undefined) await explainCall(options.call, options, around);
      else if (method === undefined || path === undefined)
        throw new CommandError(EXIT.wrongUse, 'Say METHOD and PATH, or --call and an id. (add --help)');
      else explainRoute(method, path, options, around);
    });
  withExample(
    withGateway(withCall(command)),
    `tollgate explain POST /openai/v1/chat/completions -d '{"model":"gpt-4o"}'`,
    'tollgate explain --call <id>',
  );
}

function explainRoute(method: string, path: string, options: ExplainOptions, around: Around): void {
  const { text, file, upstreams } = cardToCheck(options.card, options, around.environment);
  const read = readCard(text, { file, ...(upstreams === undefined ? {} : { upstreams }) });
  if (!read.ok) throw new CardError(read.problems);
  const labels = Object.fromEntries(options.label.map((pair) => parted(pair, '--label', 'agent=sidekick')));
  const answered = explainDescribed(read.card, describedCall(method, path, options), labels, options.plan ?? null);
  if (isRefusal(answered))
    throw new CommandError(EXIT.found, `${answered.refused}: ${answered.message}`, { body: refusalBody(answered) });
  print(options, answered.json, explanationText(answered.json as Explanation, 'can cost up to'));
}

async function explainCall(id: string, options: ExplainOptions, around: Around): Promise<void> {
  await withClient(options, around.environment, async (client) => {
    const found = await client.ask<z.output<typeof explainedCall>>('GET', `explain/${encodeURIComponent(id)}`);
    const verdict = found.equal ? 'The same as was charged.' : `It was charged ${found.stored.charge ?? 0}: NOT the same.`;
    print(options, found, `${explanationText(found.explanation, 'costs')}\n${verdict}`);
    if (!found.equal) around.exitCode = EXIT.found;
  });
}

function explanationText(found: Explanation, verb: string): string {
  const { operation, losers, inputs, bounds, lines, rounding, total, free, absorbed, flags } = found;
  const pairs = (facts: Readonly<Record<string, unknown>>): string =>
    Object.entries(facts)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(' ');
  return [
    `${operation.id} (${operation.reason}) matches ${operation.match} of ${operation.service}`,
    ...losers.map(({ id, why }) => `  not ${id}: ${why}`),
    `inputs  ${pairs(inputs) || 'none'}`,
    `bounds  ${pairs(bounds) || 'none'}`,
    ...lines.map(
      ({ rate, arithmetic, credits, free: why }) =>
        `  ${rate}: ${arithmetic} = ${credits}${why === undefined ? '' : ` (free: ${why})`}`,
    ),
    `sum ${rounding.exact}, rounded up to steps of ${rounding.step}`,
    `${verb} ${total} credits (rate card ${found.card}, version ${found.version})`,
    ...(free === 0 ? [] : [`free parts would have cost ${free}`]),
    ...(absorbed === 0 ? [] : [`the operator absorbed ${absorbed}`]),
    ...(flags.length === 0 ? [] : [`flags: ${flags.join(', ')}`]),
  ].join('\n');
}
