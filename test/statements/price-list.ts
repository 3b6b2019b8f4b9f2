// Reads a price list with calls and checks what each is charged. A line is one call, how it ended, what was used, and what came of it:
//
//   GET /rows?n=5            | 200        | rows 137       | 1.37 of 50
//   POST /chat {"n": 2}      | 200 broken | out ~30        | 0.3 of 10  end_unknown
//   GET /rows?n=five         |            |                | refused field_invalid query.n
//
// A request may carry headers and labels: `x-engine: large`, `label.tier: gold`. `~30` is an upper count of what was received (rule 10).
// After the charge `of` names the ceiling that was held, `free` what free parts would have cost, and the rest are flags: all of them, in order.
import { chargeCall } from '@tollgate/shared/charge';
import { formatCredits } from '@tollgate/shared/credits';
import type { CallEnd, Quantities, RequestFacts } from '@tollgate/shared/facts';
import { matchOperation } from '@tollgate/shared/match';
import { quoteCall } from '@tollgate/shared/quote';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import { formatProblem } from '@tollgate/shared/rate-card/parse';

/** @param operations a list in YAML. @throws {Error} at the first line that comes out otherwise, or where the card does not load. */
export function priceList(operations: string, lines: string): void {
  const card = cardOf(operations);
  for (const text of lines.split('\n').filter((line) => line.trim() !== '')) {
    const [call = '', end = '', used = '', expected = ''] = text.split('|').map((part) => part.trim());
    const came = comesTo(card, requestOf(call), endOf(end), used);
    const wanted = expected.split(/\s+/).join(' ');
    const told = wanted.includes(' of ') || wanted.startsWith('refused') ? came : came.replace(/ of \S+/, '');
    if (told !== wanted) throw new Error(`${text}\n^ ${wanted} expected, came to ${came}`);
  }
}

/** The problems of a card that must not load. */
export function problemsOf(operations: string): string {
  const outcome = loadRateCard(textOf(operations), { file: 'rates.yaml', version: 'v1' });
  return outcome.ok ? '' : outcome.problems.map(formatProblem).join('\n');
}

function cardOf(operations: string): RateCard {
  const outcome = loadRateCard(textOf(operations), { file: 'rates.yaml', version: 'v1' });
  if (!outcome.ok) throw new Error(outcome.problems.map(formatProblem).join('\n'));
  return outcome.card;
}

function textOf(operations: string): string {
  const lines = operations.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  const list = lines.map((line) => `      ${line.slice(indent)}`).join('\n');
  return `card: statement\nservices:\n  api:\n    path: /api\n    upstream: api\n    operations:\n${list}\n`;
}

function comesTo(card: RateCard, request: RequestFacts, end: CallEnd, used: string): string {
  const match = matchOperation(card, request.method, `/api${request.path}`);
  if (match.kind !== 'priced') return 'unpriced';
  const outcome = quoteCall(match.operation, match.params, request);
  if (!outcome.ok) return `refused ${outcome.refusal.code} ${outcome.refusal.field}`;
  const { inputs, bounds, ceiling } = outcome.quote;
  const measurement = { ...quantitiesOf(used), problems: [] };
  const { total, free, flags } = chargeCall(match.operation, { inputs, bounds, measurement, end }, ceiling);
  const parts = [`${formatCredits(total)} of ${formatCredits(ceiling)}`, free > 0 ? `free ${formatCredits(free)}` : '', ...flags];
  return parts.filter((part) => part !== '').join(' ');
}

/** `POST /chat?x=1 {"model": "a"} label.tier: gold, x-engine: large` */
function requestOf(text: string): RequestFacts {
  const [, method = '', target = '', json, rest = ''] = /^([A-Z]+) (\S+)(?: (\{.*\}))?(?: (.*))?$/.exec(text) ?? [];
  const [path = '', search = ''] = target.split('?');
  const named = rest === '' ? [] : rest.split(', ').map((pair) => pair.split(': ') as [string, string]);
  const labels = named.filter(([name]) => name.startsWith('label.')).map(([name, value]) => [name.slice('label.'.length), value]);
  return {
    method,
    path,
    query: [...new URLSearchParams(search)],
    headers: Object.fromEntries(named.filter(([name]) => !name.startsWith('label.'))),
    body: json === undefined ? { kind: 'none' } : { kind: 'json', text: json, value: JSON.parse(json), bytes: json.length },
    labels: Object.fromEntries(labels) as Record<string, string>,
    plan: null,
  };
}

const HOWS = ['complete', 'cut', 'broken', 'unknown'] as const;

function endOf(text: string): CallEnd {
  const [status = '200', how = 'complete'] = text === '' ? [] : text.split(' ');
  const known = HOWS.find((one) => one === how);
  if (known === undefined) throw new Error(`${how} is not an end`);
  return { status: status === 'none' ? undefined : Number(status), how: known };
}

/** `in 100, out ~30` */
function quantitiesOf(text: string): { quantities: Quantities; received: Quantities } {
  const quantities: Record<string, number> = {};
  const received: Record<string, number> = {};
  for (const pair of text === '' ? [] : text.split(', ')) {
    const [name = '', value = ''] = pair.split(' ');
    if (value.startsWith('~')) received[name] = Number(value.slice(1));
    else quantities[name] = Number(value);
  }
  return { quantities, received };
}
