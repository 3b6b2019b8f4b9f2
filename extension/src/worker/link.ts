// How new what is known of a pairing is, by this machine's clock alone: the gateway's may be hours off.
import type { Link } from '../messages.ts';
import { KEY_GONE } from './key-gone.ts';
import type { Known } from './storage.ts';

const RECENT_MS = 60_000;
const UNREACHABLE: ReadonlySet<string> = new Set(['offline', 'permission_missing']);

/** @param streaming whether its stream is open now */
export function linkOf(known: Pick<Known, 'asOf' | 'problem'> | undefined, streaming: boolean, now: number): Link {
  if (known === undefined) return 'stale';
  const { asOf, problem } = known;
  if (problem !== null && KEY_GONE.has(problem.code)) return 'refused';
  if (problem !== null && UNREACHABLE.has(problem.code)) return 'offline';
  if (asOf === null || problem !== null) return 'stale';
  if (streaming) return 'live';
  // A clock that was set back does not make old news new.
  return Math.abs(now - asOf) < RECENT_MS ? 'recent' : 'stale';
}
