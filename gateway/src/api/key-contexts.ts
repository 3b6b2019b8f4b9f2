// Where a key may act: its workspaces must be there, and a user's key needs the user's place in each of them.
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Scope } from '../keys/key.ts';
import type { Place } from '../people/documents.ts';
import { organizationOf } from '../people/ids.ts';
import { keyOf, type ApiParts, type Asking } from './route.ts';

export interface WantedContexts {
  scope: Scope;
  organization: string;
  /** `<organization>/<name>`. */
  workspace: string;
  contexts: readonly string[];
  user: string | null;
}

/** @returns the most that a view key of this user may see there, or the refusal that names the field */
export async function widestSight(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  wanted: WantedContexts,
): Promise<'self' | 'workspace' | Refusal> {
  const { directory } = api;
  const organization = await directory.get('organization', wanted.organization);
  if (organization === undefined || organization.body.closedAt !== null) {
    return refusal('conflict', `The organization ${wanted.organization} is closed.`);
  }
  const named = [
    { id: wanted.workspace, field: 'body.workspace' },
    ...wanted.contexts.map((id, index) => ({ id, field: `body.contexts.${index}` })),
  ];
  for (const { id, field } of named) {
    const isElsewhere = organizationOf(id) !== wanted.organization;
    // To spend for two organizations with one key is a bridge between strangers: only the operator knows that both are one person's.
    const found = isElsewhere && keyOf(asking).scope !== 'operate' ? undefined : await directory.get('workspace', id);
    if (found === undefined) return wrong(field, `there is no workspace ${id}; make it first with POST workspaces`);
    if (found.body.closedAt !== null) return wrong(field, `the workspace ${id} is closed`);
    if (found.body.kind === 'personal' && found.body.user !== wanted.user) {
      return wrong(field, `the workspace ${id} is personal, and takes keys of its own user alone`);
    }
  }
  if (wanted.user === null) return 'workspace';
  const roles: Place['role'][] = [];
  for (const { id, field } of named) {
    const place = await directory.get('place', `${id}/${wanted.user}`);
    if (place === undefined) return wrong('body.user', `there is no user ${wanted.user} with a place in ${id} (${field})`);
    roles.push(place.body.role);
  }
  if (wanted.scope === 'spend' && roles.includes('viewer')) {
    return wrong('body.scope', `${wanted.user} is a viewer there: a view key would be right`);
  }
  if (wanted.scope === 'manage' && roles[0] !== 'owner')
    return wrong('body.scope', `${wanted.user} is no owner of ${wanted.workspace}`);
  return roles.includes('member') ? 'self' : 'workspace';
}

function wrong(field: string, why: string): Refusal {
  return refusal('input_invalid', `${field}: ${why}.`, { field });
}
