// What is known of each pairing, and how an answer, a message of the stream or a failure changes it. Pure: the worker keeps the result.
import type { Balance, Pairing, Problem } from '../messages.ts';
import type { Known } from './storage.ts';

export type AllKnown = Readonly<Record<string, Known>>;

const NOTHING = { balance: null, asOf: null, problem: null, spentToday: null };

/** Told by the gateway just now. In another context than the chosen one it says that the gateway answers, and no more. */
export function withBalance(all: AllKnown, { id, context }: Pairing, balance: Balance, now: number): AllKnown {
  const spentToday = all[id]?.context === context ? (all[id]?.spentToday ?? null) : null;
  return { ...all, [id]: { context, balance, asOf: now, problem: null, spentToday } };
}

/** An open stream tells each change: what it told last was true until it was last heard. */
export function withBeat(all: AllKnown, id: string, heardAt: number): AllKnown {
  const known = all[id];
  if (known === undefined || known.asOf === null || known.asOf >= heardAt) return all;
  return { ...all, [id]: { ...known, asOf: heardAt } };
}

/** What was known stays, with its age, until a balance comes. */
export function withProblem(all: AllKnown, id: string, context: string, problem: Problem): AllKnown {
  const known = all[id];
  if (known?.problem?.code === problem.code && known.problem.message === problem.message) return all;
  return { ...all, [id]: { ...NOTHING, context, ...known, problem } };
}

export function withSpentToday(all: AllKnown, { id, context }: Pairing, spentToday: number | null): AllKnown {
  const known = all[id];
  if (known === undefined || known.context !== context || known.spentToday === spentToday) return all;
  return { ...all, [id]: { ...known, spentToday } };
}

/** The same person in another context: what was known is not of it. */
export function withContext(all: AllKnown, { id, context }: Pairing): AllKnown {
  const known = all[id];
  return known === undefined || known.context === context
    ? all
    : { ...all, [id]: { ...NOTHING, context, problem: known.problem } };
}

export function without(all: AllKnown, id: string): AllKnown {
  return Object.fromEntries(Object.entries(all).filter(([one]) => one !== id));
}
