// Workspaces of an organization: where spending belongs. A team's are for whoever has a place; a personal one is its user's alone.
import type { z } from 'zod';
import type { listQuery, workspaceChange, workspaceRequest } from '@tollgate/shared/people-contract';
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Put } from '../ledger/commands.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Workspace } from '../people/documents.ts';
import { MAIN, newWorkspace } from '../people/first-organization.ts';
import { nameOf, workspaceId } from '../people/ids.ts';
import { attempt, auditOf, staleFor } from './change.ts';
import { ownId } from './own-id.ts';
import { pageOf } from './page.ts';
import { document, isoOrNull, isOperator, made, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { visibleUser } from './visible-user.ts';

export function makeWorkspace(api: ApiParts, asking: Asking<unknown, z.output<typeof workspaceRequest>>): Promise<Answered> {
  return attempt(api, async () => {
    const { name, kind, labels } = asking.body;
    const user = asking.body.user === undefined ? null : await ownId(api, asking, 'user', asking.body.user);
    const organization = organizationOf(api, asking);
    const id = workspaceId(organization, name);
    const known = await api.directory.get('workspace', id);
    if (known !== undefined) {
      const { body } = known;
      const isSame = body.kind === kind && body.user === user && body.closedAt === null && sameLabels(body.labels, labels);
      if (isSame) return made({ workspace: showWorkspace(known), repeated: true }, true, known.version);
      return refusal('conflict', `The workspace ${id} exists and is another one. Choose another name.`, { field: 'body.name' });
    }
    const forbidden = maySetLabels(asking, labels);
    if (forbidden !== undefined) return forbidden;
    const whose = user === null ? undefined : await visibleUser(api, organization, user);
    if (user !== null && whose?.body.erasedAt !== null) {
      return refusal('input_invalid', `body.user: there is no user ${user}.`, { field: 'body.user' });
    }
    const workspace: Workspace = { ...newWorkspace(organization, name), kind, user, labels };
    return {
      puts:
        user === null
          ? [putOf('workspace', id, organization, workspace, { expects: 0 })]
          : personalPuts(organization, user, workspace),
      audits: [auditOf(asking, organization, 'workspace.make', subjectOf(workspace), { after: workspace })],
      answer: (version) =>
        made({ workspace: showWorkspace({ body: workspace, version, at: 0 }), repeated: false }, false, version),
    };
  });
}

/** A personal workspace, with its user's place in it. */
export function personalPuts(organization: string, user: string, wanted?: Workspace): Put[] {
  const workspace: Workspace = wanted ?? { ...newWorkspace(organization, 'personal'), kind: 'personal', user };
  const { id } = workspace;
  return [
    putOf('workspace', id, organization, workspace, { expects: 0 }),
    putOf('place', `${id}/${user}`, organization, { workspace: id, organization, user, role: 'owner' }),
  ];
}

export async function listWorkspaces(api: ApiParts, asking: Asking<z.output<typeof listQuery>, unknown>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  const { after, limit } = asking.query;
  const { found, next } = await pageOf(
    api.directory,
    'workspace',
    { organization, after: after === undefined ? undefined : workspaceId(organization, after), limit },
    ({ id }) => id,
  );
  return ok({ workspaces: found.map(showWorkspace), next: next === null ? null : nameOf(next) });
}

export async function readWorkspace(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const kept = await ownWorkspace(api, asking);
  return 'refused' in kept ? kept : document({ workspace: showWorkspace(kept) }, kept.version);
}

export function changeWorkspace(api: ApiParts, asking: Asking<unknown, z.output<typeof workspaceChange>>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await ownWorkspace(api, asking);
    if ('refused' in kept) return kept;
    const { labels } = asking.body;
    return (
      staleFor(asking, kept.version) ?? maySetLabels(asking, labels) ?? changed(asking, kept, { ...kept.body, labels }, 'change')
    );
  });
}

/** Nothing is spent in it any more. What was spent there stays in the sums. */
export function closeWorkspace(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await ownWorkspace(api, asking);
    if ('refused' in kept) return kept;
    const stale = staleFor(asking, kept.version);
    if (stale !== undefined) return stale;
    if (kept.body.closedAt !== null) return document({ workspace: showWorkspace(kept) }, kept.version);
    // It can not be made again, and the gateway would have no place left to begin in.
    if (kept.body.id === workspaceId(api.gate.rules.organization, MAIN)) {
      return refusal(
        'conflict',
        `${kept.body.id} is the gateway's first workspace, which operate keys and the command line lean on.`,
      );
    }
    const open = await api.store.openHolds(kept.body.id);
    if (open > 0) {
      return refusal('conflict', `${open} calls are held in the workspace ${kept.body.name} now. Close it when they have ended.`);
    }
    return changed(asking, kept, { ...kept.body, closedAt: api.gate.ledger.now() }, 'close');
  });
}

function changed(
  asking: Asking<unknown, unknown>,
  { body, version }: Kept<'workspace'>,
  after: Workspace,
  how: 'change' | 'close',
): Awaited<ReturnType<Parameters<typeof attempt>[1]>> {
  return {
    puts: [putOf('workspace', body.id, body.organization, after, { expects: version })],
    audits: [auditOf(asking, body.organization, `workspace.${how}`, subjectOf(body), { before: body, after })],
    answer: (next) => document({ workspace: showWorkspace({ body: after, version: next, at: 0 }) }, next),
  };
}

/** A label may decide a price (rule 16): who is charged by it can not choose it. */
export function maySetLabels(asking: Asking<unknown, unknown>, labels: Readonly<Record<string, string>>): Refusal | undefined {
  if (isOperator(asking) || Object.keys(labels).length === 0) return undefined;
  return refusal('scope_insufficient', 'Labels may decide a price, so the operator fixes them.', { field: 'body.labels' });
}

/** The workspace of the path, in the organization that is asked for. */
export async function ownWorkspace(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Kept<'workspace'> | Refusal> {
  const name = asking.params['workspace'] ?? '';
  const kept = await api.directory.get('workspace', workspaceId(organizationOf(api, asking), name));
  return kept ?? refusal('not_found', `There is no workspace ${name} in this organization.`);
}

function subjectOf({ id }: Workspace): { kind: string; id: string } {
  return { kind: 'workspace', id };
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const sorted = (labels: Readonly<Record<string, string>>): string =>
    JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
  return sorted(a) === sorted(b);
}

function showWorkspace({ body, version }: Kept<'workspace'>): object {
  const { organization, name, kind, user, labels, closedAt } = body;
  return { organization, name, kind, user, labels, closedAt: isoOrNull(closedAt), version };
}
