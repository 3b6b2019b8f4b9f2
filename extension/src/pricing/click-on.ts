// A click as it is remembered: what it can cause, and what had ended by then, which it cannot have caused.
import { endedBefore, learnEnded } from './ended-before.ts';
import type { Click } from './match-calls.ts';
import type { TagHere } from './price-tag.ts';

/** Taken when it is heard of: what ends from now on may be its own. Where nobody told what had ended, its gateway is asked first. */
export async function clickOn({ key, parts }: Pick<TagHere, 'key' | 'parts'>, pairing: string, at: number): Promise<Click> {
  const since = endedBefore(pairing) ?? (await learnEnded(pairing, true));
  const byOperation = Map.groupBy(parts, ({ operation }) => operation);
  // By entries: an operation can have any name.
  const expects = Object.fromEntries([...byOperation].map(([operation, all]) => [operation, all.length]));
  return { key, at, pairing, since: since ?? Number.MAX_SAFE_INTEGER, expects };
}
