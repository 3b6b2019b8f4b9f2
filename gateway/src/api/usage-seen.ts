// Whose charges a key may see added up: a spend key its own, a view key those of its workspaces or of its user, who manages those of the
// organization.
import { refusal, type Refusal } from '../call/refuse.ts';
import { fullId, nameOf, organizationOf as organizationOfWorkspace } from '../people/ids.ts';
import { everyOf } from './page.ts';
import { keyOf, organizationOf, type ApiParts, type Asking } from './route.ts';

export interface Seen {
  /** By full id, and by the name that they had before there were several organizations. */
  workspaces: readonly string[];
  /** Ids; undefined: those of all keys. */
  keys?: readonly string[] | undefined;
}

/** @param context one of the workspaces; all of them where it is left out */
export async function chargesSeen(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  context: string | undefined,
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
    return { workspaces, keys: await keysOf(api, key.user, new Set(all.map((id) => organizationOfWorkspace(id)))) };
  }
  return { workspaces };
}

/** All that a user has and had: whose a key is never changes, and one that was revoked stays. */
async function keysOf({ directory }: ApiParts, user: string, organizations: ReadonlySet<string>): Promise<readonly string[]> {
  const found = await Promise.all(
    [...organizations].map((organization) => everyOf(directory, 'key', { organization }, ({ id }) => id)),
  );
  return found.flat().flatMap(({ body }) => (body.user === user ? [body.id] : []));
}
