// What there is for a call, and the refusal of one that does not fit: caps and accounts decided together (rule 1).
import { microcredits, MICROCREDITS_MAX, type Microcredits } from '@tollgate/shared/credits';
import { allowDue } from './allow.ts';
import { hasEnded } from './burn-order.ts';
import { tightest } from './caps.ts';
import type { HoldCommand } from './commands.ts';
import { organizationOf } from '../people/ids.ts';
import type { Draft } from './draft.ts';
import { expireDue } from './expire.ts';
import { extraLeft } from './extra.ts';
import type { HoldOutcome } from './outcomes.ts';
import { earliest } from './available.ts';

/** Brings the accounts of a payer to this moment: what is due to expire has, and what is due to be given was. */
export function bringUpToDate(draft: Draft, { sources, terms }: Pick<HoldCommand, 'sources' | 'terms'>): void {
  for (const source of sources) expireDue(draft, source);
  if (terms === undefined) return;
  if (terms.extra !== null) expireDue(draft, terms.extra.account);
  for (const due of terms.allowances) allowDue(draft, due);
}

/** Names the scope that leaves least; of equals a cap before the accounts. A hold of nothing always fits. */
export function refuseShort(draft: Draft, command: HoldCommand, available: Microcredits): HoldOutcome | undefined {
  const { amount: needed, caps, terms } = command;
  if (needed === 0) return undefined;
  const room = microcredits(Math.min(MICROCREDITS_MAX, available + extraLeft(draft, terms?.extra)));
  const binding = tightest(draft, caps, terms?.bypass === true);
  if (Math.min(binding?.left ?? room, room) >= needed) return undefined;
  if (binding !== undefined && binding.left <= room) {
    const { cap, left } = binding;
    const scope = { ...cap.scope, cap: cap.id };
    return { ok: false, refusal: 'insufficient_credits', scope, needed, available: left, resetsAt: cap.until };
  }
  const resetsAt = nextCreditsAt(draft, command);
  return { ok: false, refusal: 'insufficient_credits', scope: payerOf(command), needed, available: room, resetsAt };
}

/** Who has too little, and what of theirs it is: the extra credits that are the last to be drawn, else the cycle's allowance. */
function payerOf({ sources, terms, about }: HoldCommand): { kind: string; id: string; cap: string | null } {
  const cap = (terms?.extra?.limit ?? 0) > 0 ? 'extra' : (terms?.resetsAt ?? null) === null ? null : 'cycle';
  const [first] = sources;
  // A payer whom the plan gives no account at all: a service's key under a plan of seats alone.
  if (first === undefined) return { kind: 'organization', id: organizationOf(about.workspace), cap };
  if (sources.length === 1 && first.startsWith('user:')) return { kind: 'user', id: ownerOf(first), cap };
  return { kind: 'organization', id: ownerOf(sources.find((source) => source.startsWith('pool:')) ?? first), cap };
}

function ownerOf(account: string): string {
  return account.slice(account.indexOf(':') + 1);
}

/** The accounts reset when a grant that was already given becomes effective, or when the next allowance comes. */
function nextCreditsAt(draft: Draft, { sources, terms }: HoldCommand): number | null {
  const coming = sources.flatMap((source) =>
    draft.grants(source).filter((grant) => grant.effectiveAt > draft.at && !hasEnded(grant, draft.at)),
  );
  const effectiveAt = earliest(coming, 'effectiveAt');
  const resetsAt = terms?.resetsAt ?? null;
  if (effectiveAt === null || resetsAt === null) return effectiveAt ?? resetsAt;
  return Math.min(effectiveAt, resetsAt);
}
