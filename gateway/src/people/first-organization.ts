// The organization of a gateway that serves only one: there is always a first one, with a workspace for what is spent in no other.
import { ZERO } from '@tollgate/shared/credits';
import { putOf, type Directory } from './directory.ts';
import type { Organization, Workspace } from './documents.ts';
import { workspaceId } from './ids.ts';

/** The workspace that every organization begins with. */
export const MAIN = 'main';

/**
 * Makes the first organization and its workspace where they are not there. Once they are, their documents decide: the settings are only
 * how they begin.
 * @param first its id and its IANA zone, as configured
 */
export async function ensureFirstOrganization(directory: Directory, first: { id: string; timeZone: string }): Promise<void> {
  const { id, timeZone } = first;
  const puts = [
    ...((await directory.get('organization', id)) === undefined
      ? [putOf('organization', id, id, newOrganization({ id, name: id, kind: 'company', timeZone }), { expects: 0 })]
      : []),
    ...((await directory.get('workspace', workspaceId(id, MAIN))) === undefined
      ? [putOf('workspace', workspaceId(id, MAIN), id, newWorkspace(id, MAIN), { expects: 0 })]
      : []),
  ];
  if (puts.length === 0) return;
  // Another process may have made them at the same moment; then they are there, which is all that is wanted.
  await directory.write({ puts, audits: [], events: [] });
}

/** An organization without a plan: credits come by hand alone. */
export function newOrganization(begin: Pick<Organization, 'id' | 'name' | 'kind' | 'timeZone'>): Organization {
  return {
    ...begin,
    plan: null,
    cycle: null,
    next: null,
    extraLimit: ZERO,
    extraWord: null,
    autoPurchase: null,
    paymentMethod: null,
    closedAt: null,
  };
}

/** A workspace of a team. */
export function newWorkspace(organization: string, name: string): Workspace {
  return { id: workspaceId(organization, name), organization, name, kind: 'team', user: null, labels: {}, closedAt: null };
}
