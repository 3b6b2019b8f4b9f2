// Which scenarios a person switched the bubbles off for. Each site is told of its own alone: what others have is not its business.
import type { Settings } from '../messages.ts';
import { changeSettings } from '../worker/settings.ts';
import { whereRoom } from '../worker/stored.ts';

const OF_SITE_MOST = 200;
const ALL_MOST = 2_000;

/** By the scenario's name. */
export function bubblesOf({ bubbles }: Pick<Settings, 'bubbles'>, origin: string): Record<string, boolean> {
  const before = `${origin} `;
  return Object.fromEntries(
    Object.entries(bubbles).flatMap(([name, on]) => (name.startsWith(before) ? [[name.slice(before.length), on]] : [])),
  );
}

/** Where there is no room to remember it, it is so until the page goes. */
export async function setBubbles(origin: string, scenario: string, on: boolean): Promise<void> {
  await whereRoom(changeSettings((now) => ({ bubbles: withBubbles(now, origin, scenario, on) })));
}

/** Shown is how they are where nobody said anything. */
export function withBubbles(now: Pick<Settings, 'bubbles'>, origin: string, scenario: string, on: boolean): Settings['bubbles'] {
  const others = Object.entries(now.bubbles).filter(([name]) => name !== `${origin} ${scenario}`);
  if (on) return Object.fromEntries(others);
  const isFull = others.length >= ALL_MOST || Object.keys(bubblesOf(now, origin)).length >= OF_SITE_MOST;
  return isFull ? now.bubbles : Object.fromEntries([...others, [`${origin} ${scenario}`, false]]);
}
