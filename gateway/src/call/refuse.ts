// One way for a refusal (decision 6): refusals travel as values and this is the only place that writes one to a client.
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { toCredits, type Microcredits } from '@tollgate/shared/credits';
import { ERRORS, type ErrorCode } from '@tollgate/shared/errors';

/** A refusal on its way to the client. */
export interface Refusal {
  refused: ErrorCode;
  /** What happened, what was not done and what would help, in a sentence or two for people. */
  message: string;
  /** Further members of the body, for programs. */
  more: RefusalFacts;
  /** Further response headers. */
  headers?: Readonly<Record<string, string>>;
}

/** What a refusal may tell beside its code; amounts in microcredits here, in credits on the wire. */
export interface RefusalFacts {
  callId?: string;
  operation?: string;
  closest?: string;
  field?: string;
  known?: readonly string[];
  scope?: { kind: string; id: string; cap: string | null };
  needed?: Microcredits;
  available?: Microcredits;
  resetsAt?: string | null;
  fits?: Readonly<Record<string, number>>;
  topUpUrl?: string;
  /** Ids of what depends on the thing that was to go. */
  usedBy?: readonly string[];
}

export function refusal(code: ErrorCode, message: string, more: RefusalFacts = {}): Refusal {
  return { refused: code, message, more };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** Where a code is explained. The address of the pages is the operator's, and so relative by default. */
export const FAILURE_MODES_PATH = '/tollgate/docs/failure-modes';

// What no retry can mend: the big SDKs would otherwise send 408, 409, 429 and 5xx up to three times (TRAPS, Clients).
const RETRY_MAY_HELP = new Set<ErrorCode>([
  'idempotency_running',
  'rate_limited',
  'concurrency_limited',
  'gateway_busy',
  'gateway_draining',
  'ledger_unavailable',
  'payments_unavailable',
  'upstream_unreachable',
]);

/**
 * The one body that people, problem+json readers and the SDKs of OpenAI and Anthropic can read (DESIGN section 7).
 */
export function refusalBody({ refused, message, more }: Refusal): Record<string, unknown> {
  const { status, title } = ERRORS[refused];
  const { needed, available, ...rest } = more;
  return {
    type: `${FAILURE_MODES_PATH}#${refused}`,
    title,
    status,
    message,
    detail: message,
    code: refused,
    ...rest,
    ...(needed === undefined ? {} : { needed: toCredits(needed) }),
    ...(available === undefined ? {} : { available: toCredits(available) }),
    error: { type: refused, code: refused, message },
  };
}

/** Writes a refusal and ends the response. Does nothing where an answer is already under way: there, only a reset is honest. */
export function refuse(res: ServerResponse, said: Refusal): void {
  if (res.headersSent) {
    res.socket?.resetAndDestroy();
    return;
  }
  const { status } = ERRORS[said.refused];
  const body = JSON.stringify(refusalBody(said));
  res.statusCode = status;
  res.statusMessage = STATUS_CODES[status] ?? '';
  res.setHeader('content-type', 'application/problem+json');
  res.setHeader('content-length', Buffer.byteLength(body));
  res.setHeader('cache-control', 'no-store');
  if (!RETRY_MAY_HELP.has(said.refused)) res.setHeader('x-should-retry', 'false');
  if (said.more.callId !== undefined) res.setHeader('credits-call', said.more.callId);
  for (const [name, value] of Object.entries(said.headers ?? {})) res.setHeader(name, value);
  res.end(body);
}
