// A bound that an upstream broke suspends the operation for that workspace until its card changes or the operator resumes it (decision 1):
// otherwise every further call could cost the operator more than was held. It is suspended for everyone only after three
// organizations saw it.
import { fullId, organizationOf } from '../people/ids.ts';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import type { Quoted } from './price.ts';
import { refusal, type Refusal } from './refuse.ts';

export interface Suspensions {
  isSuspended(operation: string, cardVersion: string, workspace: string): boolean;
  /** Notes a broken bound; true where this is news. */
  note(operation: string, cardVersion: string, workspace: string): boolean;
  resume(operation: string): void;
  list(): readonly Suspension[];
}

export interface Suspension {
  operation: string;
  cardVersion: string;
  workspaces: readonly string[];
  everyone: boolean;
}

const ORGANIZATIONS_FOR_EVERYONE = 3;

/**
 * @param known broken bounds that the store remembers from before a restart, under the cards that were in force then
 * @param first id of the first organization: whose workspaces are that calls named before there were several
 */
export function createSuspensions(
  known: readonly { operation: string; cardVersion: string; workspace: string }[],
  first: string,
): Suspensions {
  const broken = new Map<string, { operation: string; cardVersion: string; workspaces: Set<string> }>();

  function note(operation: string, cardVersion: string, workspace: string): boolean {
    const id = `${cardVersion} ${operation}`;
    const entry = broken.get(id) ?? { operation, cardVersion, workspaces: new Set<string>() };
    broken.set(id, entry);
    const whole = fullId(workspace, first);
    const news = !entry.workspaces.has(whole);
    entry.workspaces.add(whole);
    return news;
  }

  for (const { operation, cardVersion, workspace } of known) note(operation, cardVersion, workspace);

  return {
    note,
    isSuspended: (operation, cardVersion, workspace) => {
      const found = broken.get(`${cardVersion} ${operation}`);
      return found !== undefined && (found.workspaces.has(workspace) || sawAll(found.workspaces));
    },
    resume: (operation) => {
      for (const [id, entry] of broken) if (entry.operation === operation) broken.delete(id);
    },
    list: () =>
      [...broken.values()].map(({ workspaces, ...entry }) => ({
        ...entry,
        workspaces: [...workspaces],
        everyone: sawAll(workspaces),
      })),
  };
}

/** Workspaces of one organization are one witness. */
function sawAll(workspaces: ReadonlySet<string>): boolean {
  return new Set([...workspaces].map((workspace) => organizationOf(workspace))).size >= ORGANIZATIONS_FOR_EVERYONE;
}

export function checkSuspended({ suspensions }: Gate, call: Quoted): Refusal | undefined {
  if (!suspensions.isSuspended(call.operationId, call.card.version, call.payer.workspace.id)) return undefined;
  const message = `The upstream broke a bound of ${call.operationId}, so it is suspended until the operator mends the rate card or resumes it. Nothing was forwarded.`;
  return refusal('operation_suspended', message, { operation: call.operationId });
}

export function noteBroken(gate: Gate, call: Held): void {
  if (!gate.suspensions.note(call.operationId, call.card.version, call.payer.workspace.id)) return;
  const facts = { callId: call.id, operation: call.operationId, workspace: call.payer.workspace.id };
  gate.log.error(facts, 'the upstream broke a bound; the operation is suspended for this workspace');
}
