// Appending to an account's chain of entries (rule 21): the only place where a balance changes.
import { add, microcredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { entryHash } from './digest.ts';
import type { Draft } from './draft.ts';
import type { Account, Entry, EntryKind, Part } from './rows.ts';

export interface EntryAbout {
  callId?: string | null;
  grantId?: string | null;
  parts?: readonly Part[];
  note?: string;
  callDigest?: string;
}

/** Moves the account's balance by `delta` and writes the entry that says why. */
export function append(draft: Draft, account: string, kind: EntryKind, delta: number, about: EntryAbout): Entry {
  const row = draft.editAccount(account);
  const entry = nextEntry(row, kind, microcredits(delta), draft.at, about);
  row.balance = entry.after;
  row.entries = entry.number;
  row.chain = entry.hash;
  draft.changes.entries.push(entry);
  return entry;
}

/** The entry that follows on this account's last one. */
export function nextEntry(account: Account, kind: EntryKind, delta: Microcredits, at: number, about: EntryAbout): Entry {
  const entry: Entry = {
    account: account.id,
    number: account.entries + 1,
    kind,
    delta,
    before: account.balance,
    after: add(account.balance, delta),
    at,
    callId: about.callId ?? null,
    grantId: about.grantId ?? null,
    parts: about.parts ?? [],
    note: keepable(about.note ?? ''),
    callDigest: about.callDigest ?? '',
    hash: '',
  };
  entry.hash = entryHash(account.chain, entry);
  return entry;
}

/** False for a text that a database would give back as another one, which would break the hashes over it. */
export function isKeepable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function keepable(text: string): string {
  return isKeepable(text) ? text : text.toWellFormed().replaceAll('\0', '');
}

/**
 * What the operator writes when a store is started though it has lost what its high-water mark shows (rule 21): no amount moves,
 * but the chain says that and what was lost.
 * @returns the changed account row and its entry.
 */
export function acceptLoss(absorbed: Account | undefined, at: number, note: string): { account: Account; entry: Entry } {
  const account = absorbed ?? { id: ABSORBED, balance: ZERO, held: ZERO, entries: 0, chain: '' };
  const entry = nextEntry(account, 'accept-loss', ZERO, at, { note });
  return { account: { ...account, entries: entry.number, chain: entry.hash }, entry };
}

/** The operator's own account (rule 6). */
export const ABSORBED = 'absorbed';
