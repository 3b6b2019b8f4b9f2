// The rate card in force, what is wrong with its file now, and the operations that are suspended under it.
import { basename } from 'node:path';
import { refusal } from '../call/refuse.ts';
import type { CardProblem } from '@tollgate/shared/rate-card/parse';
import type { Audit } from '../ledger/rows.ts';
import { auditOf } from './change.ts';
import { iso, ok, type Answered, type ApiParts, type Asking } from './route.ts';

export async function readCard({ cards, store }: ApiParts): Promise<Answered> {
  const { card, since } = cards.current();
  const kept = await store.card(card.version);
  return ok({
    name: card.name,
    version: card.version,
    since: iso(since),
    text: kept?.text ?? '',
    problems: cards.problems().map(showProblem),
    warnings: cards.warnings().map(showProblem),
  });
}

// An answer is bounded; what is told last is told again by the next reload.
const USED_BY_MOST = 1_000;

/** Reads the file now. A broken one leaves the card in force, and the answer says what is wrong; so does one that leaves out what is in use. */
export async function reloadCard(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const before = api.cards.current().card.version;
  await api.cards.reload();
  const after = api.cards.current().card.version;
  await note(api, auditOf(asking, null, 'card.reload', { kind: 'card', id: after }, { before, after }));
  const used = api.cards.problems().filter(({ usedBy }) => usedBy !== undefined);
  if (used.length === 0) return readCard(api);
  const usedBy = [...new Set(used.flatMap((problem) => problem.usedBy ?? []))].slice(0, USED_BY_MOST);
  return refusal('conflict', `The card was not taken up: ${used.map(({ message }) => message).join(' ')}`, { usedBy });
}

export function listSuspensions({ gate }: ApiParts): Answered {
  return ok({ suspensions: gate.suspensions.list() });
}

/** Lets an operation be called again whose bound an upstream broke. */
export async function resumeOperation(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const { gate, store } = api;
  const operation = asking.params['operation'] ?? '';
  if (!gate.suspensions.list().some((suspended) => suspended.operation === operation)) {
    return refusal('not_found', `The operation ${operation} is not suspended.`);
  }
  // Said first: what is done without a trace is worse than a trace of what was not done.
  await note(api, auditOf(asking, null, 'operation.resume', { kind: 'operation', id: operation }));
  await store.putResume(operation, gate.ledger.now());
  gate.suspensions.resume(operation);
  return ok({ resumed: operation });
}

async function note({ directory }: ApiParts, audit: Audit): Promise<void> {
  await directory.write({ puts: [], audits: [audit], events: [] });
}

/** The file by its name alone: where it lies on the gateway's machine is nobody's business. */
function showProblem({ file, line, column, message }: CardProblem): object {
  return { file: basename(file), line, column, message };
}
