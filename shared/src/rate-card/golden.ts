// Golden calls: examples with the price that they must have, checked each time the card is loaded.
import { chargeCall } from '../charge.ts';
import { formatCredits, parseCredits } from '../credits.ts';
import type { RequestFacts } from '../facts.ts';
import { matchOperation } from '../match.ts';
import { quoteCall } from '../quote.ts';
import type { RateCard } from './card.ts';
import { noPlan } from './nearest.ts';
import type { Report } from './parse.ts';
import type { GoldenSource } from './schema.ts';

/** Prices every golden call and reports those that do not cost what the card says they do. */
export function checkGolden(card: RateCard, report: Report): void {
  for (const [index, golden] of (card.source.golden ?? []).entries()) {
    const place = ['golden', index];
    const [method = '', address = ''] = golden.call.split(' ');
    const [path = '', search = ''] = address.split('?');
    const match = matchOperation(card, method, path);
    if (match.kind === 'unpriced') {
      const near = match.closest === undefined ? '' : `; the closest is ${match.closest}`;
      report.problem([...place, 'call'], `${golden.call} has no price${near}.`);
      continue;
    }
    if (golden.plan !== undefined && !card.plans.has(golden.plan)) {
      report.problem([...place, 'plan'], noPlan(golden.plan, [...card.plans.keys()]));
      continue;
    }
    const outcome = quoteCall(match.operation, match.params, requestOf(golden, method, match.path, search));
    if (!outcome.ok) {
      report.problem(place, `this call would be refused: ${outcome.refusal.message}`);
      continue;
    }
    const { quote } = outcome;
    const measurement = { quantities: golden.quantities ?? {}, received: {}, problems: [] };
    const facts = {
      inputs: quote.inputs,
      bounds: quote.bounds,
      measurement,
      end: { status: golden.status ?? 200, how: 'complete' } as const,
    };
    const charge = chargeCall(match.operation, facts, quote.ceiling);
    if (charge.total !== parseCredits(golden.costs)) {
      const lines = charge.lines.map(
        ({ arithmetic, credits, free }) => `${arithmetic} = ${credits}${free === undefined ? '' : ` (free: ${free})`}`,
      );
      const how = lines.length === 0 ? 'nothing is charged' : lines.join('; ');
      const found = `it costs ${formatCredits(charge.total)} by this card, not ${golden.costs}: ${how}`;
      report.problem([...place, 'costs'], `${found}. Change the price or the expectation.`);
    }
    if (golden.holds !== undefined && quote.ceiling !== parseCredits(golden.holds)) {
      report.problem([...place, 'holds'], `it holds ${formatCredits(quote.ceiling)} by this card, not ${golden.holds}.`);
    }
  }
}

function requestOf(golden: GoldenSource, method: string, path: string, search: string): RequestFacts {
  const query = search === '' ? [] : search.split('&').map(pairOf);
  const text = golden.body === undefined ? undefined : JSON.stringify(golden.body);
  return {
    method,
    path,
    query,
    headers: Object.fromEntries(Object.entries(golden.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    body: text === undefined ? { kind: 'none' } : { kind: 'json', text, value: golden.body, bytes: utf8Length(text) },
    labels: golden.labels ?? {},
    plan: golden.plan ?? null,
  };
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Bytes of a text in UTF-8. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
