// Tenants are strangers (promise 7): what a workspace made through a shared upstream account, only it can read. To everyone else it does
// not exist, and asking for it costs nothing and tells nothing.
import { fullId } from '../people/ids.ts';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import type { Measured } from './measure.ts';
import type { Quoted } from './price.ts';
import { refusal, type Refusal } from './refuse.ts';

/** 404 where the card says that the route's object is owned, and this workspace did not make it. */
export async function checkOwner(gate: Gate, call: Quoted): Promise<Refusal | undefined> {
  const field = call.operation?.owns;
  if (field === undefined) return undefined;
  const id = call.quote.inputs[field];
  const owner =
    typeof id === 'string' || typeof id === 'number' ? await gate.kept.ownerOf(call.service.id, String(id)) : undefined;
  if (owner !== undefined && isSame(gate, owner, call.payer.workspace.id)) return undefined;
  const message = 'There is nothing under this id that this workspace made. Nothing was forwarded.';
  return refusal('not_found', message, { operation: call.operationId, field });
}

/** Notes what an answer made, before its client learns the id. */
export async function noteMade(gate: Gate, call: Held, { answerField, end }: Measured): Promise<void> {
  const { operation } = call;
  const field = operation?.makes ?? operation?.job?.id;
  if (field === undefined || end.status === undefined || end.status >= 300) return;
  const id = answerField(field);
  if (typeof id !== 'string' && typeof id !== 'number') return;
  const mine = await gate.kept.claimOwned(call.service.id, String(id), call.payer.workspace.id, call.id, gate.ledger.now());
  if (!mine)
    gate.log.error(
      { callId: call.id, service: call.service.id },
      'an upstream gave two workspaces the same id; the first keeps it',
    );
}

/** Whether two ids mean one workspace: one without an organization is from before there were several, and is of the first one. */
export function isSame({ rules }: Gate, stored: string, workspace: string): boolean {
  return fullId(stored, rules.organization) === workspace;
}
