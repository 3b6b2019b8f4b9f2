// Extra credits: past the allowance at a fee, up to a limit in the cycle. Nobody has them beforehand: what a call lacks is made for it on the
// spot, as a grant of its own, and what it leaves ends with it. So only the calls say how much was bought (FEATURES C7).
import { microcredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { freeOf, hasEnded } from './burn-order.ts';
import type { ExtraTerms } from './commands.ts';
import type { Draft } from './draft.ts';
import { extraAccountOf, extraWindowId } from './extra-window.ts';
import { endNow } from './grant.ts';
import { makeGrant } from './make-grant.ts';
import type { Call, Part } from './rows.ts';

/** What is left of the limit. One that was lowered below what is used leaves nothing. */
export function extraLeft(draft: Draft, extra: ExtraTerms | null | undefined): Microcredits {
  if (extra === null || extra === undefined) return ZERO;
  const { spent, held } = draft.window(extraWindowId(extra));
  return microcredits(Math.max(0, extra.limit - spent - held));
}

/** Makes what the sources do not have, and holds it for the call. */
export function holdExtra(draft: Draft, extra: ExtraTerms, call: { id: string; key: string }, amount: Microcredits): Part {
  const { account, fee } = extra;
  const grant = makeGrant(draft, {
    id: extraGrantId(call.id),
    account,
    kind: 'top-up',
    amount,
    priority: 0,
    effectiveAt: draft.at,
    expiresAt: null,
    reason: 'extra credits',
    by: call.key,
    terms: { fee },
  });
  grant.held = amount;
  const row = draft.editAccount(account);
  row.held = microcredits(row.held + amount);
  const window = draft.editWindow(extraWindowId(extra));
  window.held = microcredits(window.held + amount);
  return { account, grant: grant.id, amount };
}

/** Spends from the call's own extra credits, which it has given back before, what its sources could not pay. */
export function drawExtra(draft: Draft, call: Call, amount: Microcredits): Part {
  const account = extraAccountFor(call) ?? '';
  const row = draft.editGrant(draft.liveGrant(account, extraGrantId(call.id)));
  row.spent = microcredits(row.spent + amount);
  return { account, grant: row.id, amount };
}

/** What a call leaves of its extra credits ends with it: nobody has bought it. Where they were voided meanwhile, it ends as an expiry (rule 5). */
export function endExtra(draft: Draft, call: Call): void {
  const account = extraAccountFor(call);
  if (account === undefined) return;
  const grant = draft.grants(account).find((one) => one.id === extraGrantId(call.id));
  if (grant !== undefined && freeOf(grant) > 0 && !hasEnded(grant, draft.at)) endNow(draft, grant, 'unused');
}

/** Whose credits the call was held from: its sources, and then its extra credits. */
export function payersOf(call: Call): readonly string[] {
  const account = extraAccountFor(call);
  return account === undefined ? call.sources : [...call.sources, account];
}

/** The account that the call has drawn extra credits from; undefined where it has not. */
function extraAccountFor(call: Call): string | undefined {
  for (const window of call.windows) {
    const account = extraAccountOf(window);
    if (account !== undefined) return account;
  }
  return undefined;
}

function extraGrantId(callId: string): string {
  return `extra:${callId}`;
}
