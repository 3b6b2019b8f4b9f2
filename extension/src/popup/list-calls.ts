import type { Calls } from '../messages.ts';

/**
 * The newest page before what is listed already, each call once and as it was told last. Where so many came meanwhile that the two do not
 * touch, the list begins anew: better short than with a hole.
 */
export function withNewest(listed: Calls, newest: Calls): Calls {
  const known = new Set(listed.calls.map(({ id }) => id));
  if (!newest.calls.some(({ id }) => known.has(id))) return newest;
  return { calls: onceEach([...newest.calls, ...listed.calls]), next: listed.next };
}

/** The next page behind what is listed. */
export function withOlder(listed: Calls, older: Calls): Calls {
  return { calls: onceEach([...listed.calls, ...older.calls]), next: older.next };
}

function onceEach(calls: Calls['calls']): Calls['calls'] {
  const seen = new Set<string>();
  return calls.filter(({ id }) => !seen.has(id) && seen.add(id));
}
