// The rate card in force, what is wrong with its file now, and the operations that are suspended under it.
import { basename } from 'node:path';
import { refusal } from '../call/refuse.ts';
import type { CardProblem } from '@tollgate/shared/rate-card/parse';
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

/** Reads the file now. A broken one leaves the card in force, and the answer says what is wrong; so does one that leaves out what is in use. */
export async function reloadCard(api: ApiParts): Promise<Answered> {
  await api.cards.reload();
  const used = api.cards.problems().filter(({ usedBy }) => usedBy !== undefined);
  if (used.length === 0) return readCard(api);
  const usedBy = [...new Set(used.flatMap((problem) => problem.usedBy ?? []))];
  return refusal('conflict', `The card was not taken up: ${used.map(({ message }) => message).join(' ')}`, { usedBy });
}

export function listSuspensions({ gate }: ApiParts): Answered {
  return ok({ suspensions: gate.suspensions.list() });
}

/** Lets an operation be called again whose bound an upstream broke. */
export async function resumeOperation({ gate, store }: ApiParts, { params }: Asking<unknown, unknown>): Promise<Answered> {
  const operation = params['operation'] ?? '';
  if (!gate.suspensions.list().some((suspended) => suspended.operation === operation)) {
    return refusal('not_found', `The operation ${operation} is not suspended.`);
  }
  await store.putResume(operation, gate.ledger.now());
  gate.suspensions.resume(operation);
  return ok({ resumed: operation });
}

/** The file by its name alone: where it lies on the gateway's machine is nobody's business. */
function showProblem({ file, line, column, message }: CardProblem): object {
  return { file: basename(file), line, column, message };
}
