// What people have of a card must stay in it: a plan does not go because a line was deleted.
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { CardProblem } from '@tollgate/shared/rate-card/parse';

/** A plan, a seat type of one, or a package that somebody has: a card must go on naming it. */
export interface CardUse {
  what: 'plan' | 'seat type' | 'package';
  /** The plan that it is of; null for a package. */
  plan: string | null;
  name: string;
  /** How long the cycles are in which they have it; null where they have none, and for what is no plan. */
  every: string | null;
  /** Ids of the organizations or seats. */
  by: readonly string[];
}

/** With who uses what the file leaves out, where that is what is wrong with it. */
export type FileProblem = CardProblem & { usedBy?: readonly string[] };

/**
 * What a card leaves out though somebody has it, at the place where it would belong.
 * @param before the card in force: what it does not name either is no loss. Without one, plans alone must be there.
 */
export function leftOut(
  uses: readonly CardUse[],
  card: RateCard,
  { file, text, before }: { file: string; text: string; before?: RateCard },
): FileProblem[] {
  return uses
    .filter((use) => (before === undefined ? use.what === 'plan' : names(before, use)) && !names(card, use))
    .map((use) => {
      const right = 'bring it back, or give them another one first and reload';
      const message = `${wordsOf(use)} is not in the card and in use by ${whoOf(use)}; ${right}.`;
      return { ...placeOf(use, text), file, message, usedBy: use.by };
    });
}

/** Seats of a type that their plan does not have, as after another plan: no reason to refuse a card, but one to look. */
export function unseated(
  uses: readonly CardUse[],
  card: RateCard,
  { file, text }: { file: string; text: string },
): CardProblem[] {
  return uses
    .filter((use) => use.what === 'seat type' && card.plans.get(use.plan ?? '')?.seats.has('') === false && !names(card, use))
    .map((use) => {
      const message = `${wordsOf(use)} is not in the card, so that these seats give nothing: ${whoOf(use)}; give them another type.`;
      return { ...placeOf(use, text), file, message };
    });
}

/** Cycles that run are not laid anew by a card: who has a plan whose cycles it changes goes on as before until they are given it again. */
export function otherCycles(
  uses: readonly CardUse[],
  card: RateCard,
  { file, text }: { file: string; text: string },
): CardProblem[] {
  return uses.flatMap((use) => {
    const every = use.what === 'plan' ? card.plans.get(use.name)?.every : undefined;
    if (every === undefined || use.every === null || every === use.every) return [];
    const message = `${wordsOf(use)} is for each ${every} now, and goes on by the ${use.every} for ${whoOf(use)}; give it to them again to change that.`;
    return { ...placeOf(use, text), file, message };
  });
}

function names({ plans, packages }: RateCard, { what, plan, name }: CardUse): boolean {
  if (what === 'package') return packages.has(name);
  const there = plans.get(plan ?? '');
  return what === 'plan' ? there !== undefined : there?.seats.has(name) === true;
}

function wordsOf({ what, plan, name }: CardUse): string {
  return what === 'seat type' ? `the seat type "${name}" of the plan "${plan}"` : `the ${what} "${name}"`;
}

function placeOf({ what }: CardUse, text: string): { line: number; column: number } {
  const section = what === 'package' ? /^packages:/m : /^plans:/m;
  return { line: text.slice(0, Math.max(0, text.search(section))).split('\n').length, column: 1 };
}

// A message is for reading; `usedBy` has all of them.
const NAMED_MOST = 5;

function whoOf({ by }: CardUse): string {
  const others = by.length - NAMED_MOST;
  return by.slice(0, NAMED_MOST).join(', ') + (others > 0 ? ` and ${others} more` : '');
}
