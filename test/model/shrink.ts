// Makes a failing run short enough to be read: single commands first, then ever smaller pieces left out while it still fails.
import type { Opens, Play } from './play.ts';
import { play } from './play.ts';
import type { Step } from './generate.ts';

const ATTEMPTS = 4_000;

/** The shortest failing steps that were found, and what differs there. */
export async function shrink(
  open: Opens,
  failing: readonly Step[],
  failure: string,
  how: Omit<Play, 'next'>,
): Promise<{ steps: Step[]; failure: string }> {
  let attempts = 0;
  const fails = async (steps: readonly Step[]) => {
    attempts += 1;
    const rest = [...steps];
    const { failure: found, steps: played } = await play(open, { ...how, rowsEvery: 1, next: () => rest.shift() });
    return found !== undefined && kindOf(found) === kindOf(failure) ? { steps: played, failure: found } : undefined;
  };
  const apart = failing.flatMap(({ waitMs, commands, ...after }) =>
    commands.map((command, i) => ({ waitMs: i === 0 ? waitMs : 0, commands: [command], ...after })),
  );
  let best = (await fails(apart)) ?? (await fails(failing)) ?? { steps: [...failing], failure };
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    let from = 0;
    while (from < best.steps.length) {
      const shorter = attempts < ATTEMPTS ? await fails(without(best.steps, from, size)) : undefined;
      if (shorter === undefined) from += size;
      else best = shorter;
    }
  }
  return best;
}

/** The time that the left-out steps took is kept, so that what comes after happens at the same moment. */
function without(steps: readonly Step[], from: number, size: number): Step[] {
  const waitMs = steps.slice(from, from + size).reduce((total, step) => total + step.waitMs, 0);
  const [after, ...rest] = steps.slice(from + size);
  return [...steps.slice(0, from), ...(after === undefined ? [] : [{ ...after, waitMs: after.waitMs + waitMs }]), ...rest];
}

/**
 * `outcome of hold.scope` or `rows`: leaving steps out must not wander off to another difference. Rows are one kind, because looking at
 * them after every step finds the same slip where it shows first.
 */
function kindOf(failure: string): string {
  return /^(?:rows|\w+(?: of \w+)?(?:\.\w+)?)/.exec(failure)?.[0] ?? '';
}
