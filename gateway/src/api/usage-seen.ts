// Whose charges a key may see added up: a spend key its own, a view key those of its workspaces or of its user, who manages those of the
// organization.
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Key } from '../keys/key.ts';
import { fullId, nameOf, organizationOf as organizationOfWorkspace } from '../people/ids.ts';
import { everyOf } from './page.ts';
import { keyOf, organizationOf, type ApiParts, type Asking } from './route.ts';

export interface Seen {
  /** By full id, and by the name that they had before there were several organizations. */
  workspaces: readonly string[];
  /** Ids; undefined: those of all keys. */
  keys?: readonly string[] | undefined;
}

/**
 * @param context one of the workspaces; all of them where it is left out
 * @param since nothing that was held before is asked for; epoch milliseconds
 */
export async function chargesSeen(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  { context, since }: { context: string | undefined; since: number },
): Promise<Seen | Refusal> {
  const { directory, gate } = api;
  const key = keyOf(asking);
  const organization = organizationOf(api, asking);
  const isManager = key.scope === 'manage' || key.scope === 'operate';
  const all = isManager
    ? (await everyOf(directory, 'workspace', { organization }, ({ id }) => id)).map(({ body }) => body.id)
    : [key.workspace, ...key.contexts];
  const asked = context === undefined ? undefined : fullId(context, organization);
  if (asked !== undefined && !all.includes(asked)) {
    const known = isManager ? {} : { known: all };
    const message = `This key sees nothing of "${context}".${isManager ? '' : ` It sees: ${all.join(', ')}.`}`;
    return refusal('scope_insufficient', message, { field: 'query.context', ...known });
  }
  const named = asked === undefined ? all : [asked];
  const { organization: first } = gate.rules;
  const workspaces = named.flatMap((id) => (organizationOfWorkspace(id) === first ? [id, nameOf(id)] : [id]));
  if (key.scope === 'spend') return { workspaces, keys: [key.id] };
  if (key.scope === 'view' && key.sees === 'self' && key.user !== null) {
    const { user } = key;
    const organizations = [...new Set(all.map((id) => organizationOfWorkspace(id)))];
    const found = await Promise.all(
      organizations.map((one) => everyOf(directory, 'key', { organization: one, user }, ({ id }) => id)),
    );
    const mine = found.flat().map(({ body }) => body);
    return { workspaces, keys: couldSpend(mine, since) };
  }
  return { workspaces };
}

/**
 * Of the keys that somebody has and had, the ids of those that may have a call since then. Whose a key is never changes, and one that was
 * revoked stays; browsers have many that never spend, and each is looked for in each hour.
 */
export function couldSpend(keys: readonly Pick<Key, 'id' | 'scope' | 'revokedAt' | 'expiresAt'>[], since: number): string[] {
  return keys
    .filter(
      ({ scope, revokedAt, expiresAt }) => scope === 'spend' && (revokedAt ?? since) >= since && (expiresAt ?? since) >= since,
    )
    .map(({ id }) => id);
}
