// Many short random histories, each from an empty ledger: collisions stay likely, and what fails is short.
import { nextStep } from './generate.ts';
import { play } from './play.ts';
import type { Opens } from './play.ts';
import { randomFrom } from './random.ts';
import { shrink } from './shrink.ts';

export interface Campaign {
  seed: number;
  /** How many commands at least, in all histories together. */
  commands: number;
  /** How many commands one history has at least. */
  perHistory: number;
  /** At most so many commands are given to the ledger at once. */
  together: number;
  rowsEvery: number;
  restartEvery: number;
  /** Makes what failed short before it is reported. */
  shortens: boolean;
}

/** Runs until all commands were played. Returns a report of the first history that differs, or undefined where all agree. */
export async function campaign(open: Opens, how: Campaign): Promise<string | undefined> {
  const played = { commands: 0, histories: 0 };
  while (played.commands < how.commands) {
    const random = randomFrom(how.seed + played.histories);
    const enough = Math.min(how.commands, played.commands + how.perHistory);
    const { steps, failure } = await play(open, {
      ...how,
      next: (books, now) => {
        if (played.commands >= enough) return undefined;
        const step = nextStep(random, books, now, how.together);
        played.commands += step.commands.length;
        return step;
      },
    });
    if (failure !== undefined && !how.shortens) return failure;
    if (failure !== undefined) {
      const short = await shrink(open, steps, failure, how);
      const told = short.steps.map((step) => `  +${step.waitMs} ms ${JSON.stringify(step.commands)}`).join('\n');
      const seed = how.seed + played.histories;
      return `TOLLGATE_MODEL_SEED=${seed}: ${failure}\nshortest, after ${short.steps.length} steps:\n${told}\n${short.failure}`;
    }
    played.histories += 1;
  }
  return undefined;
}
