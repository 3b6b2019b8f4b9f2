// Many short random histories, each from an empty ledger: collisions stay likely, and what fails is short.
// `node test/model/campaign.ts --commands 1000000 --seed 1` plays as many as one likes, in memory; it ends with 1 where any differs.
import { parseArgs } from 'node:util';
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import { nextStep } from './generate.ts';
import { inMemory } from './in-memory.ts';
import { play } from './play.ts';
import type { Opens } from './play.ts';
import { randomFrom } from './random.ts';
import { shrink } from './shrink.ts';
import { newWorld } from './world.ts';

export interface Campaign {
  seed: number;
  /** How many commands at least, in all histories together. */
  commands: number;
  /** How many commands one history has at least. */
  perHistory: number;
  /** At most so many commands are given to the ledger at once. */
  together: number;
  rowsEvery: number;
  /** It is restarted after every so many steps; 0 never. */
  restartEvery: number;
  /** Makes what failed short before it is reported. */
  shortens: boolean;
}

/** Runs until all commands were played. Returns a report of the first history that differs, or undefined where all agree. */
export async function campaign(open: Opens, how: Campaign): Promise<string | undefined> {
  const played = { commands: 0, histories: 0 };
  while (played.commands < how.commands) {
    const random = randomFrom(how.seed + played.histories);
    const world = newWorld(random);
    const enough = Math.min(how.commands, played.commands + how.perHistory);
    let count = 0;
    const { steps, failure } = await play(open, {
      ...how,
      next: (books, now) => {
        if (played.commands >= enough) return undefined;
        const step = nextStep(random, world, books, now, how.together);
        count += 1;
        played.commands += step.commands.length;
        return how.restartEvery > 0 && count % how.restartEvery === 0 ? { ...step, restart: true } : step;
      },
    });
    if (failure !== undefined && !how.shortens) return failure;
    if (failure !== undefined) {
      const short = await shrink(open, steps, failure, how);
      const told = short.steps.map(({ waitMs, ...step }) => `  +${waitMs} ms ${JSON.stringify(step)}`).join('\n');
      const seed = how.seed + played.histories;
      return `TOLLGATE_MODEL_SEED=${seed}: ${failure}\nshortest, after ${short.steps.length} steps:\n${told}\n${short.failure}`;
    }
    played.histories += 1;
  }
  return undefined;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { commands: { type: 'string' }, seed: { type: 'string' } } });
  const commands = Number(values.commands ?? 1_000_000);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const startedMs = performance.now();
  const how = { seed, commands, perHistory: 250, together: 6, rowsEvery: 20, restartEvery: 50, shortens: true };
  const failure = await campaign(inMemory(openLedger), how);
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(failure ?? `${commands} commands from seed ${seed} in ${seconds} s: the engine does what the model does.`);
  process.exitCode = failure === undefined ? 0 : 1;
}

if (import.meta.main) await main();
