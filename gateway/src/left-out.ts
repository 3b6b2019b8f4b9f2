// What people have of a card must stay in it: a plan does not go because a line was deleted.
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { CardProblem } from '@tollgate/shared/rate-card/parse';

/** A plan, a seat type of one, or a package that somebody has: a card must go on naming it. */
export interface CardUse {
  what: 'plan' | 'seat type' | 'package';
  /** The plan that it is of; null for a package. */
  plan: string | null;
  name: string;
  /** Ids of the organizations or seats. */
  by: readonly string[];
}

/** With who uses what the file leaves out, where that is what is wrong with it. */
export type FileProblem = CardProblem & { usedBy?: readonly string[] };

// A message is for reading; `usedBy` has all of them.
const NAMED_MOST = 5;

/**
 * What a card leaves out though somebody has it, at the place where it would belong.
 * @param before the card in force: what it does not name either is no loss. Without one, plans alone must be there.
 */
export function leftOut(
  uses: readonly CardUse[],
  card: RateCard,
  { file, text, before }: { file: string; text: string; before?: RateCard },
): FileProblem[] {
  return uses.flatMap((use) => {
    const lost = before === undefined ? use.what === 'plan' : names(before, use);
    if (!lost || names(card, use)) return [];
    const section = use.what === 'package' ? /^packages:/m : /^plans:/m;
    const line = text.slice(0, Math.max(0, text.search(section))).split('\n').length;
    const others = use.by.length - NAMED_MOST;
    const who = use.by.slice(0, NAMED_MOST).join(', ') + (others > 0 ? ` and ${others} more` : '');
    const what =
      use.what === 'seat type' ? `the seat type "${use.name}" of the plan "${use.plan}"` : `the ${use.what} "${use.name}"`;
    const message = `${what} is not in the card and in use by ${who}; bring it back, or give them another one first and reload.`;
    return [{ file, line, column: 1, message, usedBy: use.by }];
  });
}

function names({ plans, packages }: RateCard, { what, plan, name }: CardUse): boolean {
  if (what === 'package') return packages.has(name);
  const there = plans.get(plan ?? '');
  return what === 'plan' ? there !== undefined : there?.seats.has(name) === true;
}
