// The 402: what a call needs, what is there, whose cap or credits they are, when they come again, and what would fit (FEATURES K6).
import { formatCredits } from '@tollgate/shared/credits';
import type { CapCheck } from '../ledger/commands.ts';
import type { HoldOutcome } from '../ledger/outcomes.ts';
import type { Laid } from '../payer/terms.ts';
import { nameOf } from '../people/ids.ts';
import type { Gate } from './gate.ts';
import { fitting, type Quoted } from './price.ts';
import { refusal, type Refusal } from './refuse.ts';

export type Short = Extract<HoldOutcome, { refusal: 'insufficient_credits' }>;

/** The refusal of a hold that did not fit. The cap that bound is told by its window; its id is between the gate and the ledger. */
export function insufficient(gate: Gate, call: Quoted, laid: Laid, short: Short): Refusal {
  const bound = capOf(laid, short);
  const { kind, id, cap } = short.scope;
  // An account of a user is called after their organization too, which the context tells already.
  const scope = { kind, id: kind === 'user' ? nameOf(id) : id, cap: bound?.window ?? cap };
  const fits = fitting(call, short.available);
  const resetsAt = short.resetsAt === null ? undefined : new Date(short.resetsAt).toISOString();
  const { topUpUrl } = gate.rules;
  const most = call.quote.exact ? 'costs' : 'can cost up to';
  const until = resetsAt === undefined ? '' : ` until ${resetsAt}`;
  const left = `${formatCredits(short.available)} are ${whereOf(call, scope, bound)}${until}.`;
  const wouldFit = Object.entries(fits).map(([field, value]) => `${field} up to ${value} would fit.`);
  const message = [`This call ${most} ${formatCredits(short.needed)} credits; ${left}`, 'It was not sent.', ...wouldFit].join(
    ' ',
  );
  return {
    ...refusal('insufficient_credits', message, {
      callId: call.id,
      operation: call.operationId,
      scope,
      needed: short.needed,
      available: short.available,
      ...(resetsAt === undefined ? {} : { resetsAt }),
      ...(Object.keys(fits).length === 0 ? {} : { fits }),
      ...(topUpUrl === undefined ? {} : { topUpUrl }),
    }),
    headers: {
      'credits-context': call.payer.workspace.id,
      ...(resetsAt === undefined ? {} : { 'credits-reset': resetsAt }),
    },
  };
}

/**
 * Tells people of the cap that refused, once in its window. Not of a chain that ends with its first call: each would be another window, and whoever
 * tries again and again would have something written, and sent to everybody who listens, for each try.
 */
export function tellReached(gate: Gate, call: Quoted, laid: Laid, short: Short): void {
  const bound = capOf(laid, short);
  if (bound === undefined || (bound.scope.kind === 'chain' && bound.scope.id === call.id)) return;
  const { organization, workspace } = call.payer;
  gate.alerts.capReached(bound, {
    organization: organization.id,
    workspace: workspace.id,
    callId: call.id,
    left: short.available,
  });
}

function capOf({ caps }: Laid, { scope }: Short): CapCheck | undefined {
  return scope.cap === null ? undefined : caps.find(({ id }) => id === scope.cap);
}

/** Whose cap it is, for people: "left in the day cap of user ann". */
function whereOf({ key }: Quoted, scope: Short['scope'], bound: CapCheck | undefined): string {
  if (bound === undefined) return scope.cap === 'extra' ? 'available, with what the limit of extra credits leaves,' : 'available';
  const isOwn = scope.kind === 'key' && bound.id.startsWith('key:');
  const whose = isOwn
    ? 'this key'
    : scope.kind === 'chain'
      ? 'this chain'
      : `${scope.kind} ${scope.kind === 'key' ? key.id : scope.id}`;
  return `left in the ${bound.window} cap of ${whose}`;
}
