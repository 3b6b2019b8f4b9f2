// What is asked, and by whom: the operation that the route means, the key and its context that pay, and the parts of the request that a price reads.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJsonBody } from '@tollgate/shared/body';
import { matchOperation, type Match } from '@tollgate/shared/match';
import type { Operation, RateCard, Service } from '@tollgate/shared/rate-card/card';
import type { RequestBody, RequestFacts } from '@tollgate/shared/facts';
import type { Key } from '../keys/key.ts';
import { planAt } from '../payer/lay-out.ts';
import type { Payer } from '../payer/payer.ts';
import { isLimited, type Admission } from './admit.ts';
import { AskedFacts } from './asked-facts.ts';
import { readBody } from './body.ts';
import { findParent, type Parent } from './chain.ts';
import type { Gate } from './gate.ts';
import { claimedLabels, fixedLabels, type Labels } from './labels.ts';
import { fingerprintOf, idempotencyKey } from './once.ts';
import type { Target } from './path.ts';
import { isRefusal, refusal, type Refusal } from './refuse.ts';

/** A call as far as its price and its hold need it: asked for by a request, or described for an estimate. */
export interface Wanted {
  id: string;
  target: Target;
  key: Key;
  /** Who pays: the context that was picked. */
  payer: Payer;
  card: RateCard;
  service: Service;
  /** Undefined for a route without a price on a card that says `unpriced: flag`. */
  operation: Operation | undefined;
  operationId: string;
  params: Readonly<Record<string, string>>;
  /** Below the service, as it is forwarded. */
  path: string;
  request: RequestFacts;
  /** The body as it came, where it was read; otherwise it is streamed from `req`. */
  raw: Buffer | undefined;
  claim: string | undefined;
  fingerprint: string;
  claimed: Labels;
  /** Credits-Max as it was sent. */
  maximum: string | undefined;
  /** The call that this one belongs under, of the same workspace. */
  parent: Parent | null;
  trace: string | null;
}

/** A call that a request asks for. */
export interface Asked extends Wanted {
  req: IncomingMessage;
  res: ServerResponse;
  /** Bytes of the request's body so far; it grows while a body streams up. */
  upload: { bytes: number };
  idempotencyKey: string | undefined;
  startedMs: number;
}

/** The operation id under which calls to routes without a price are recorded. */
export const UNPRICED = 'unpriced';

/** Finds operation and key, and reads the body where the price or an Idempotency-Key needs it. */
export async function ask(
  gate: Gate,
  admission: Admission,
  req: IncomingMessage,
  res: ServerResponse,
  target: Target,
): Promise<Asked | Refusal> {
  const startedMs = gate.monotonicMs();
  const { card } = gate.card();
  const match = matchOperation(card, req.method ?? 'GET', target.path);
  const { service } = match;
  if (service === undefined) return refusal('not_found', 'No service of the rate card has this path. Nothing was forwarded.');
  const key = await gate.identify.identify(req, ['spend'], service.credential);
  if (isRefusal(key)) return key;
  const limited = isLimited(key) ? await admission.enter(key) : undefined;
  if (limited !== undefined) return limited;
  const found = gate.payers.of(key, contextOf(req));
  const payer = found instanceof Promise ? await found : found;
  if (isRefusal(payer)) return payer;
  const unpriced = checkPriced(gate, match, service);
  if (unpriced !== undefined) return unpriced;
  const once = idempotencyKey(req);
  if (typeof once === 'object') return once;
  const operation = match.kind === 'priced' ? match.operation : undefined;
  const body = await bodyFor(gate, req, res, operation, once !== undefined);
  if (isRefusal(body)) return body;
  const operationId = operation?.id ?? UNPRICED;
  const parentId = callIdOrNull(req.headers['credits-parent']);
  const path = target.path.slice(service.path.length) || '/';
  return {
    id: gate.newCallId(),
    req,
    res,
    target,
    key,
    payer,
    card,
    service,
    operation,
    operationId,
    params: match.kind === 'priced' ? match.params : {},
    path,
    request: new AskedFacts(req, path, target.search, body.facts, fixedLabels(payer), planAt(payer, gate.ledger.now())),
    raw: body.raw,
    upload: { bytes: body.raw?.length ?? 0 },
    idempotencyKey: once,
    claim: once === undefined ? undefined : `${payer.workspace.id}/${operationId}/${once}`,
    fingerprint: fingerprintOf(req, target.path + target.search, body.raw),
    claimed: claimedLabels(req),
    maximum: req.headers['credits-max']?.toString(),
    parent: parentId === null ? null : await findParent(gate, payer, parentId),
    trace: traceOf(req),
    startedMs,
  };
}

/** Counts a route without a price, and refuses it unless the card lets it through. */
export function checkPriced(gate: Gate, match: Match, service: Service): Refusal | undefined {
  if (match.kind === 'unpriced') gate.metrics.unpriced.inc({ service: service.id });
  return refuseUnpriced(match);
}

/** The refusal of a route without a price, unless the card lets such routes through, flagged. */
export function refuseUnpriced(match: Match): Refusal | undefined {
  if (match.kind === 'priced' || match.free) return undefined;
  const closest = match.closest === undefined ? '' : ` The closest that has one is ${match.closest}.`;
  const more = match.closest === undefined ? {} : { closest: match.closest };
  return refusal('unpriced_operation', `This route has no price in the rate card, so it was not forwarded.${closest}`, more);
}

interface Body {
  raw: Buffer | undefined;
  facts: RequestBody;
}

const NO_BODY: Body = { raw: Buffer.alloc(0), facts: { kind: 'none' } };

/** Reads the body only where something needs it: everything else streams through unread. */
async function bodyFor(
  gate: Gate,
  req: IncomingMessage,
  res: ServerResponse,
  operation: Operation | undefined,
  claims: boolean,
): Promise<Body | Refusal> {
  const given = req.headers['content-length'];
  const chunked = req.headers['transfer-encoding'] !== undefined;
  const bytes = given === undefined ? undefined : Number(given);
  if (!chunked && (bytes ?? 0) === 0) return NO_BODY;
  const needed = operation?.needsBody === true;
  const most = gate.rules.bodyBytesMost;
  // A body too long to read first claims by the key alone (rule 22); one of unknown length is treated the same.
  const wanted = needed || (claims && bytes !== undefined && bytes <= most);
  if (!wanted) return { raw: undefined, facts: { kind: 'unread', bytes } };
  const raw = await readBody(req, res, most);
  if (isRefusal(raw)) return raw;
  if (!needed || operation === undefined) return { raw, facts: { kind: 'unread', bytes: raw.length } };
  const read = readJsonBody(raw.toString('utf8'), raw.length, operation);
  if (!read.ok)
    return refusal(read.refusal.code, `${read.refusal.message} Nothing was forwarded.`, { field: read.refusal.field });
  return { raw, facts: read.body };
}

/** Where a header came twice, Node joins it: no workspace is called so. */
function contextOf({ headers }: IncomingMessage): string | undefined {
  return headers['credits-context']?.toString().trim();
}

const CALL_ID = /^[a-z0-9-]{8,64}$/;

function callIdOrNull(given: string | readonly string[] | undefined): string | null {
  return typeof given === 'string' && CALL_ID.test(given) ? given : null;
}

/** The trace id of `traceparent`, which is kept with the call and, like every list, read within one workspace only. */
function traceOf(req: IncomingMessage): string | null {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(String(req.headers['traceparent'] ?? ''))?.[1] ?? null;
}
