// What limits a call, as the `RateLimit-Policy` header says it. The same for every call under one layout, and so put into words once.
import { MICROCREDITS_PER_CREDIT } from '@tollgate/shared/credits';
import type { CapCheck } from '../ledger/commands.ts';
import type { Laid } from '../payer/terms.ts';

export interface Policies {
  /** The header; empty where nothing limits. */
  text: string;
  caps: readonly { id: string; name: string; until: number | null }[];
  /** End of the cycle in which allowances come; undefined where none does. */
  cycle: number | undefined;
  /** The earliest of all of them, epoch milliseconds. */
  resetsAt: number | null;
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
  const hard = caps.filter(({ mode }) => (mode ?? 'hard') === 'hard' && !terms.bypass);
  const named = hard.map((cap) => ({ id: cap.id, name: nameOf(cap), until: cap.until, limit: cap.limit }));
  const cycle = terms.resetsAt ?? undefined;
  const given = terms.allowances.reduce((sum, { kind, amount }) => sum + (kind === 'allowance' ? amount : 0), 0);
  const texts = named.map(({ name, limit }) => policyText(name, limit));
  if (cycle !== undefined) texts.push(policyText('cycle', given));
  const ends = [...hard.map(({ until }) => until), cycle].filter((at) => typeof at === 'number');
  return {
    text: texts.join(', '),
    caps: named.map(({ id, name, until }) => ({ id, name, until })),
    cycle,
    resetsAt: ends.length === 0 ? null : Math.min(...ends),
  };
}

function policyText(name: string, limit: number): string {
  return `"${name}";q=${Math.floor(limit / MICROCREDITS_PER_CREDIT)};qu="credits"`;
}

/** The key's own by its window alone, as there is only one of each; others say whose they are. */
function nameOf({ id, scope, window }: CapCheck): string {
  return id.startsWith('key:') ? window : `${window} of ${scope.kind} ${scope.id}`;
}
