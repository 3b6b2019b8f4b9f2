// A call that is described and not made: for estimates and explanations. From here on it goes the way of a real one (decision 7).
import { readJsonBody } from '@tollgate/shared/body';
import type { RequestFacts } from '@tollgate/shared/facts';
import { matchOperation, type Match } from '@tollgate/shared/match';
import { factsOf, type OperationInputs } from '@tollgate/shared/operation-call';
import type { Operation, RateCard, Service } from '@tollgate/shared/rate-card/card';
import { didYouMean } from '@tollgate/shared/rate-card/nearest';
import { planAt } from '../payer/lay-out.ts';
import type { Payer } from '../payer/payer.ts';
import { refuseUnpriced, UNPRICED, type Wanted } from './ask.ts';
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
  const isPriced = match.kind === 'priced';
  const { operation, params } = isPriced ? match : { operation: undefined, params: {} };
  return price(wanted(gate, payer, { target, service: match.service, operation, params, request, raw }));
}

/** Quotes a call by its operation as this payer would make it. */
export function quoteOperation(gate: Gate, given: Payer, called: OperationInputs & { operation: string }): Quoted | Refusal {
  const { card } = gate.card();
  const payer = gate.payers.underCurrent(given);
  const found = findOperation(card, called.operation);
  if (found === undefined) {
    const near = didYouMean(
      called.operation,
      card.services.flatMap(({ operations }) => operations.map(({ id }) => id)),
    );
    return refusal('not_found', `The rate card has no operation "${called.operation}".${near}`, { field: 'operation' });
  }
  const { service, operation } = found;
  const facts = factsOf(operation, called, { labels: fixedLabels(payer), plan: planAt(payer, gate.ledger.now()) });
  if ('code' in facts) return refusal(facts.code, facts.message, { field: facts.field, operation: operation.id });
  const { params, request } = facts;
  const target = { path: `${service.path}${request.path}`, search: '' };
  const raw = request.body.kind === 'json' ? Buffer.from(request.body.text) : undefined;
  return price(wanted(gate, payer, { target, service, operation, params, request, raw }));
}

/** A call that nobody makes. */
function wanted(
  gate: Gate,
  payer: Payer,
  read: Pick<Wanted, 'target' | 'service' | 'operation' | 'params' | 'request' | 'raw'>,
): Wanted {
  const { operation, request } = read;
  return {
    ...read,
    id: gate.newCallId(),
    key: payer.key,
    payer,
    card: gate.card().card,
    operationId: operation?.id ?? UNPRICED,
    path: request.path,
    claim: undefined,
    fingerprint: '',
    claimed: {},
    maximum: request.headers['credits-max']?.toString(),
    parent: null,
    trace: null,
  };
}

function findOperation({ services }: RateCard, id: string): { service: Service; operation: Operation } | undefined {
  for (const service of services) {
    const operation = service.operations.find((one) => one.id === id);
    if (operation !== undefined) return { service, operation };
  }
  return undefined;
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
