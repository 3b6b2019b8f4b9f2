// GET calls: who may see which, newest first. To everyone else a call does not exist (promise 7).
import type { z } from 'zod';
import type { callsQuery } from '@tollgate/shared/contract';
import { toCredits } from '@tollgate/shared/credits';
import type { Call } from '../ledger/rows.ts';
import type { Key } from '../keys/key.ts';
import { fullId, nameOf, organizationOf as organizationOfWorkspace } from '../people/ids.ts';
import { ownId } from './own-id.ts';
import { iso, isoOrNull, isOperator, keyOf, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';

type Query = z.output<typeof callsQuery>;

export async function listCalls(api: ApiParts, asking: Asking<Query, unknown>): Promise<Answered> {
  const { operation, state, before, limit, workspace: named, chain, scenario, module, run } = asking.query;
  const { key: keyNamed } = asking.query;
  const isManager = keyOf(asking).scope === 'manage' && keyNamed !== undefined;
  const key = isManager ? await ownId(api, asking, 'key', keyNamed) : keyNamed;
  const within = withinOf(keyOf(asking), organizationOf(api, asking));
  const asked = { key, workspace: named === undefined ? undefined : fullId(named, organizationOf(api, asking)) };
  const isNamed = [chain, scenario, module, run].some((one) => one !== undefined);
  const workspaces = workspacesWithin(asked.workspace, within, isNamed);
  // Who asks for others' calls gets an empty list, the same as for calls that are not there.
  if (workspaces === 'none' || (within.key !== undefined && (asked.key ?? within.key) !== within.key))
    return ok({ calls: [], next: null });
  const { user, key: own = asked.key } = within;
  const organization = within.organization ?? (isOperator(asking) ? asking.organization : undefined);
  const labels = isNamed ? { scenario, module, run } : undefined;
  const filter = { organization, workspaces, user, key: own, operation, state, before, chain, labels };
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  const found = await api.store.calls({ ...given, limit: limit + 1 });
  const page = found.slice(0, limit);
  return ok({ calls: page.map(showCall), next: found.length > limit ? (page.at(-1)?.id ?? null) : null });
}

/** What a key sees of others' calls: a spend key its own, a view key those of its workspaces or of its user, a manage key its organization's. */
export function maySee(key: Key, { about }: Call): boolean {
  const within = withinOf(key, key.organization);
  const { workspace } = about;
  return (
    (within.key === undefined || within.key === about.key) &&
    (within.user === undefined || within.user === about.more['user']) &&
    (within.workspaces === undefined || within.workspaces.includes(workspace)) &&
    (within.organization === undefined || within.organization === organizationOfWorkspace(workspace))
  );
}

interface Within {
  key?: string;
  user?: string;
  workspaces?: readonly string[];
  organization?: string;
}

function withinOf({ scope, id, workspace, contexts, user, sees }: Key, organization: string): Within {
  if (scope === 'operate') return {};
  if (scope === 'manage') return { organization };
  if (scope === 'spend') return { key: id };
  const workspaces = [workspace, ...contexts];
  return sees === 'self' && user !== null ? { workspaces, user } : { workspaces };
}

/**
 * The workspaces to list: the one asked for, or else the key's own; `none` where the one asked for is not the key's to see. A chain, a run or a
 * scenario is looked for in all that the key may see: whoever names it need not know where it went on.
 */
function workspacesWithin(
  asked: string | undefined,
  { workspaces, organization }: Within,
  isNamed: boolean,
): readonly string[] | undefined | 'none' {
  if (workspaces !== undefined) {
    if (asked === undefined) return isNamed ? workspaces : workspaces.slice(0, 1);
    return workspaces.includes(asked) ? [asked] : 'none';
  }
  if (asked !== undefined && organization !== undefined && organizationOfWorkspace(asked) !== organization) return 'none';
  return asked === undefined ? undefined : [asked];
}

/** A call as a line of a list. */
export function showCall({ id, state, heldAt, endedAt, about, hold, charge, job, ended, passed }: Call): Record<string, unknown> {
  const { method, path, labels, user, plan, seat, parent, chain } = about.more;
  return {
    id,
    state,
    heldAt: iso(heldAt),
    endedAt: isoOrNull(endedAt),
    organization: organizationOfWorkspace(about.workspace),
    workspace: nameOf(about.workspace),
    key: about.key,
    user: user ?? null,
    plan: plan ?? null,
    seat: seat ?? null,
    service: about.service,
    operation: about.operation,
    reason: about.reason,
    method,
    path,
    hold: toCredits(hold),
    charge: charge === null ? null : toCredits(charge),
    job,
    labels: labels ?? {},
    parent: parent ?? null,
    chain: chain ?? null,
    flags: ended?.['flags'] ?? [],
    skippedQuotaEnforcement: passed.some(({ mode }) => mode === 'bypass'),
    passed: passed.map(({ cap, mode }) => ({ cap: cap.startsWith('cap:') ? nameOf(cap) : cap, mode })),
    rateCard: about.cardVersion,
  };
}
