// A call that is described and not made: for estimates and explanations. From here on it goes the way of a real one (decision 7).
import { readJsonBody } from '@tollgate/shared/body';
import type { RequestFacts } from '@tollgate/shared/facts';
import { matchOperation, type Match } from '@tollgate/shared/match';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { planAt } from '../payer/lay-out.ts';
import type { Payer } from '../payer/payer.ts';
import { refuseUnpriced, UNPRICED } from './ask.ts';
import type { Gate } from './gate.ts';
import { fixedLabels } from './labels.ts';
import { readPath, type Target } from './path.ts';
import { price, type Quoted } from './price.ts';
import { isRefusal, refusal, type Refusal } from './refuse.ts';

/** What would be sent. The body is JSON as a value; its bytes are counted as its shortest text. */
export interface DescribedCall {
  method: string;
  /** With the service and the query. */
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Quotes a described call as this payer would make it. */
export function quoteDescribed(gate: Gate, given: Payer, described: DescribedCall): Quoted | Refusal {
  const { card } = gate.card();
  const payer = gate.payers.underCurrent(given);
  const read = readDescribed(card, described, { labels: fixedLabels(payer), plan: planAt(payer, gate.ledger.now()) });
  if (isRefusal(read)) return read;
  const { match, target, request, raw } = read;
  const { service } = match;
  const operation = match.kind === 'priced' ? match.operation : undefined;
  return price({
    id: gate.newCallId(),
    target,
    key: payer.key,
    payer,
    card,
    service,
    operation,
    operationId: operation?.id ?? UNPRICED,
    params: match.kind === 'priced' ? match.params : {},
    path: request.path,
    request,
    raw,
    claim: undefined,
    fingerprint: '',
    claimed: {},
    maximum: request.headers['credits-max']?.toString(),
    parent: null,
    trace: null,
  });
}

export interface ReadDescribed {
  match: Match & { service: NonNullable<Match['service']> };
  target: Target;
  request: RequestFacts;
  raw: Buffer | undefined;
}

/**
 * Reads a described call by the rules of a real one: path, route and body.
 * @param by the labels that are fixed for who would make it, the only ones that a price reads (rule 16), and their plan
 */
export function readDescribed(
  card: RateCard,
  described: DescribedCall,
  by: Pick<RequestFacts, 'labels' | 'plan'>,
): ReadDescribed | Refusal {
  const { method, body, headers = {} } = described;
  const target = readPath(described.path);
  if (isRefusal(target)) return target;
  const match = matchOperation(card, method, target.path);
  const { service } = match;
  if (service === undefined) return refusal('not_found', `No service of the rate card has the path ${target.path}.`);
  const unpriced = refuseUnpriced(match);
  if (unpriced !== undefined) return unpriced;
  const raw = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const read = bodyFacts(raw, match);
  if ('refused' in read) return read;
  const request: RequestFacts = {
    method,
    path: target.path.slice(service.path.length) || '/',
    query: target.search === '' ? [] : [...new URLSearchParams(target.search)],
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: read,
    ...by,
  };
  return { match: { ...match, service }, target, request, raw };
}

function bodyFacts(raw: Buffer | undefined, match: Match): RequestFacts['body'] | Refusal {
  if (raw === undefined) return { kind: 'none' };
  if (match.kind !== 'priced' || !match.operation.needsBody) return { kind: 'unread', bytes: raw.length };
  const read = readJsonBody(raw.toString(), raw.length, match.operation);
  return read.ok ? read.body : refusal(read.refusal.code, read.refusal.message, { field: read.refusal.field });
}
