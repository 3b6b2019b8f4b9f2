// GET calls: who may see which, newest first. To everyone else a call does not exist (promise 7).
import type { z } from 'zod';
import type { callsQuery } from '@tollgate/shared/contract';
import { toCredits } from '@tollgate/shared/credits';
import type { Call } from '../ledger/rows.ts';
import type { Key } from '../keys/key.ts';
import { iso, isoOrNull, keyOf, ok, type Answered, type ApiParts, type Asking } from './route.ts';

type Query = z.output<typeof callsQuery>;

export async function listCalls({ store }: ApiParts, asking: Asking<Query, unknown>): Promise<Answered> {
  const { operation, state, before, limit, ...asked } = asking.query;
  const within = scopeOf(keyOf(asking));
  // Who asks for others' calls gets an empty list, the same as for calls that are not there.
  if (isOutside(asked, within)) return ok({ calls: [], next: null });
  const filter = { ...asked, ...within, operation, state, before };
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  const found = await store.calls({ ...given, limit: limit + 1 });
  const page = found.slice(0, limit);
  return ok({ calls: page.map(showCall), next: found.length > limit ? (page.at(-1)?.id ?? null) : null });
}

/** A spend key sees its own calls, a view key its workspace's, an operate key all. */
export function maySee(key: Key, { about }: Call): boolean {
  const { workspace = about.workspace, key: own = about.key } = scopeOf(key);
  return about.workspace === workspace && about.key === own;
}

function scopeOf(key: Key): { workspace?: string; key?: string } {
  if (key.scope === 'operate') return {};
  return key.scope === 'view' ? { workspace: key.workspace } : { workspace: key.workspace, key: key.id };
}

function isOutside(asked: Pick<Query, 'workspace' | 'key'>, within: { workspace?: string; key?: string }): boolean {
  const differs = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && a !== b;
  return differs(asked.workspace, within.workspace) || differs(asked.key, within.key);
}

/** A call as a line of a list. */
export function showCall({ id, state, heldAt, endedAt, about, hold, charge, job, ended }: Call): Record<string, unknown> {
  const { method, path, labels } = about.more;
  return {
    id,
    state,
    heldAt: iso(heldAt),
    endedAt: isoOrNull(endedAt),
    workspace: about.workspace,
    key: about.key,
    service: about.service,
    operation: about.operation,
    reason: about.reason,
    method,
    path,
    hold: toCredits(hold),
    charge: charge === null ? null : toCredits(charge),
    job,
    labels: labels ?? {},
    flags: ended?.['flags'] ?? [],
    rateCard: about.cardVersion,
  };
}
