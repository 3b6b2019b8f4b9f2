// A change of people and places: what is there is read, what shall be is decided, and both are written with their audit in one commit
// (FEATURES H7). Where something else was changed at the same moment, it is decided anew.
import type { EventType } from '@tollgate/shared/events';
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Put, PutCommand } from '../ledger/commands.ts';
import type { PutOutcome } from '../ledger/outcomes.ts';
import type { Audit, StoredRecord } from '../ledger/rows.ts';
import type { Directory } from '../people/directory.ts';
import type { Kind } from '../people/documents.ts';
import { keyOf, type Answered, type ApiParts, type Asking } from './route.ts';

/** What shall be written, and what is answered once it is. */
export interface Change {
  puts: readonly Put[];
  audits: readonly Audit[];
  events?: PutCommand['events'];
  /** `version`: of the first document that was written. */
  answer: (version: number) => Answered | Promise<Answered>;
}

type Lost = Exclude<PutOutcome, { ok: true }>;

// In each round one of those who change the same document is done: as many rounds as may ask at once.
const TRIES = 100;

/** @param decide reads and decides; an answer or a refusal of its own ends it without a change */
export async function attempt({ directory }: ApiParts, decide: () => Promise<Change | Answered>): Promise<Answered> {
  let lost: Lost | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const decided = await decide();
    if (!('puts' in decided)) return decided;
    const { puts, audits, events = [], answer } = decided;
    const outcome = await directory.write({ puts, audits, events });
    if (outcome.ok) return answer(versionOf(outcome.records, puts[0]));
    lost = outcome;
    if (await isTaken(directory, puts, outcome)) break;
  }
  return conflictOf(lost);
}

/** Whether it was to be new and an earlier one, which is gone, has its id: no further try gets it. */
async function isTaken({ get }: Directory, puts: readonly Put[], { refusal: why, kind, id }: Lost): Promise<boolean> {
  const isNew = puts.some((put) => put.kind === kind && put.id === id && put.expects === 0);
  return why === 'record_changed' && isNew && (await get(kind as Kind, id)) === undefined;
}

function versionOf(records: readonly StoredRecord[], first: Put | undefined): number {
  return records.find(({ kind, id }) => kind === first?.kind && id === first.id)?.version ?? 0;
}

function conflictOf(lost: Lost | undefined): Refusal {
  const what = `${lost?.kind ?? 'document'} ${lost?.id.split('/').at(-1) ?? ''}`;
  // What is gone keeps its id, so that what was spent under it is never taken for somebody else's.
  return refusal('conflict', `The ${what} can not be had: it was changed at this moment, or an earlier one was called so.`);
}

/** The refusal of a change that was made for another version than the one there. */
export function staleFor({ ifMatch }: Asking<unknown, unknown>, version: number): Refusal | undefined {
  if (ifMatch === null || ifMatch === version) return undefined;
  const message = `If-Match names version "${ifMatch}", and version "${version}" is there. Read it again and decide anew.`;
  return refusal('input_invalid', message, { field: 'header.if-match' });
}

/** Who did what to which, with what was there before and after. Never a name or an address of a person: those can be erased, this not. */
export function auditOf(
  asking: Asking<unknown, unknown>,
  organization: string | null,
  action: string,
  subject: Audit['subject'],
  { before = null, after = null, reason = '' }: { before?: unknown; after?: unknown; reason?: string } = {},
): Audit {
  const { id: by, user } = keyOf(asking);
  return { by, user, from: asking.req.socket.remoteAddress ?? '', organization, action, subject, before, after, reason };
}

/** Something to tell of: once for each version of what it tells of. */
export function eventOf(
  type: EventType,
  of: { kind: string; id: string; version: number },
  at: { organization: string; workspace?: string | null },
  data: Readonly<Record<string, unknown>>,
): PutCommand['events'][number] {
  return {
    id: `${of.kind}:${of.id}:${of.version}`,
    type,
    organization: at.organization,
    workspace: at.workspace ?? null,
    data,
  };
}
