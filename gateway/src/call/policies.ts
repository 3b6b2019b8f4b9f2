// What limits a call, as the `RateLimit-Policy` header says it. The same for every call under one layout, and so put into words once.
import { MICROCREDITS_PER_CREDIT } from '@tollgate/shared/credits';
import type { CapCheck } from '../ledger/commands.ts';
import type { Laid } from '../payer/terms.ts';

export interface Policies {
  /** The header; empty where nothing limits. */
  text: string;
  /** `at`: where it stands among the caps of the layout, and so of the standings that a hold answers. */
  limits: readonly { name: string; at: number; limit: number; until: number | null }[];
  /** End of the cycle in which allowances come; undefined where none does. */
  cycle: number | undefined;
  /** The earliest of all of them, ISO 8601. */
  reset: string | undefined;
}

const known = new WeakMap<Laid, Policies>();

export function policiesOf(laid: Laid): Policies {
  const kept = known.get(laid);
  if (kept !== undefined) return kept;
  const policies = inWords(laid);
  known.set(laid, policies);
  return policies;
}

function inWords({ caps, terms }: Laid): Policies {
  const limits = caps.flatMap((cap, at) =>
    (cap.mode ?? 'hard') === 'hard' && !terms.bypass ? [{ name: nameOf(cap), at, limit: cap.limit, until: cap.until }] : [],
  );
  const cycle = terms.resetsAt ?? undefined;
  const given = terms.allowances.reduce((sum, { kind, amount }) => sum + (kind === 'allowance' ? amount : 0), 0);
  const texts = limits.map(({ name, limit }) => policyText(name, limit));
  if (cycle !== undefined) texts.push(policyText('"cycle"', given));
  const ends = [...limits.map(({ until }) => until), cycle].filter((at) => typeof at === 'number');
  const reset = ends.length === 0 ? undefined : new Date(Math.min(...ends)).toISOString();
  return { text: texts.join(', '), limits, cycle, reset };
}

function policyText(name: string, limit: number): string {
  return `${name};q=${Math.floor(limit / MICROCREDITS_PER_CREDIT)};qu="credits"`;
}

/** As a string of the draft. The key's own by its window alone, as there is only one of each; others say whose they are. */
function nameOf({ id, scope, window }: CapCheck): string {
  return id.startsWith('key:') ? `"${window}"` : `"${window} of ${scope.kind} ${scope.id}"`;
}
