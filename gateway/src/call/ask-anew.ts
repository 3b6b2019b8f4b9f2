// What was asked, once more: a body takes its time, and meanwhile a place, a cap, a key or the card may have changed. A call is held by what
// is so then (rule 2), and by nothing older than a second.
import { matchOperation } from '@tollgate/shared/match';
import { planAt } from '../payer/lay-out.ts';
import { checkPriced, UNPRICED, type Asked } from './ask.ts';
import { AskedFacts } from './asked-facts.ts';
import type { Gate } from './gate.ts';
import { fixedLabels } from './labels.ts';
import { isRefusal, refusal, type Refusal } from './refuse.ts';

/**
 * The same call by the key and the payer of this moment.
 * @returns the call as it was where nothing of them was read anew; a refusal where they may not spend any more
 */
export function payAnew<Call extends Asked>(gate: Gate, asked: Call): Call | Promise<Asked | Refusal> {
  const { key, payer } = asked;
  return gate.payers.of(key, payer.workspace.id) === payer ? asked : readAnew(gate, asked);
}

async function readAnew(gate: Gate, asked: Asked): Promise<Asked | Refusal> {
  const { req, path, target, request, service } = asked;
  const key = await gate.identify.identify(req, ['spend'], service.credential);
  if (isRefusal(key)) return key;
  const payer = await gate.payers.of(key, asked.payer.workspace.id);
  if (isRefusal(payer)) return payer;
  const plan = planAt(payer, gate.ledger.now());
  return { ...asked, key, payer, request: new AskedFacts(req, path, target.search, request.body, fixedLabels(payer), plan) };
}

/**
 * The same call under the card that is in force now, where it changed while the call was being taken (rule 2).
 * @returns the call as it was where nothing changed; a refusal where the new card needs what was not read
 */
export function askAnew(gate: Gate, asked: Asked): Asked | Refusal {
  const { card } = gate.card();
  if (card === asked.card) return asked;
  const match = matchOperation(card, asked.req.method ?? 'GET', asked.target.path);
  const { service } = match;
  const changed = refusal(
    'conflict',
    'The rate card changed while this call was being taken. Nothing was forwarded; send it again.',
  );
  if (service === undefined || service.path !== asked.service.path) return changed;
  const unpriced = checkPriced(gate, match, service);
  if (unpriced !== undefined) return unpriced;
  const operation = match.kind === 'priced' ? match.operation : undefined;
  if (operation?.needsBody === true && asked.request.body.kind === 'unread') return changed;
  const params = match.kind === 'priced' ? match.params : {};
  const payer = gate.payers.underCurrent(asked.payer);
  return underPlan(
    { ...asked, payer, card, service, operation, operationId: operation?.id ?? UNPRICED, params },
    gate.ledger.now(),
  );
}

/** The same call under the plan that its payer has at this moment: a price may read it. */
export function underPlan(asked: Asked, at: number): Asked {
  const { request, req, path, target, payer } = asked;
  const plan = planAt(payer, at);
  if (plan === request.plan) return asked;
  return { ...asked, request: new AskedFacts(req, path, target.search, request.body, request.labels, plan) };
}
