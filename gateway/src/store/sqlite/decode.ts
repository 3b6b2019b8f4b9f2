// Rows of the tables as the ledger's shapes.
import type { Microcredits } from '@tollgate/shared/credits';
import type { Settlement, StoredAnswer } from '../../ledger/commands.ts';
import type { Account, Call, CapWindow, Claim, Entry, Grant, GrantTerms, Part, Passed } from '../../ledger/rows.ts';
import type { SqlRow } from './connection.ts';

// The columns have the types that the STRICT tables give them, so that these casts only name what is so already.

/** A row of the view `whole_calls`. */
export function callOf(row: SqlRow): Call {
  return {
    id: row['id'] as string,
    state: row['state'] as Call['state'],
    heldAt: row['held_at'] as number,
    hold: row['hold'] as Microcredits,
    parts: partsOf(row['parts'] as string),
    windows: JSON.parse(row['windows'] as string) as string[],
    limits: row['limits'] === null ? [] : (JSON.parse(row['limits'] as string) as Microcredits[]),
    sources: JSON.parse(row['sources'] as string) as string[],
    owner: row['owner'] as string,
    leaseUntil: row['lease_until'] as number,
    job: row['job'] as string | null,
    claim: row['claim'] as string | null,
    claimUntil: row['claim_until'] as number | null,
    about: {
      workspace: row['workspace'] as string,
      key: row['key'] as string,
      service: row['service'] as string,
      operation: row['operation'] as string,
      reason: row['reason'] as string,
      cardVersion: row['card_version'] as string,
      more: JSON.parse(row['more'] as string) as Record<string, unknown>,
    },
    onLapse: settlementOf(row['on_lapse'] as string),
    charge: row['charge'] as Microcredits | null,
    chargedParts: row['charged_parts'] === null ? [] : partsOf(row['charged_parts'] as string),
    free: row['free'] as Microcredits,
    absorbed: row['absorbed'] as Microcredits,
    endedAt: row['ended_at'] as number | null,
    ended: row['ended'] === null ? null : (JSON.parse(row['ended'] as string) as Record<string, unknown>),
    availableBefore: row['available_before'] as Microcredits,
    availableAfter: row['available_after'] as Microcredits | null,
    passed: row['passed'] === null ? [] : passedOf(row['passed'] as string),
    digest: row['digest'] as string,
  };
}

export function accountOf(row: SqlRow): Account {
  return {
    id: row['id'] as string,
    balance: row['balance'] as Microcredits,
    held: row['held'] as Microcredits,
    entries: row['entries'] as number,
    chain: row['chain'] as string,
  };
}

export function grantOf(row: SqlRow): Grant {
  return {
    id: row['id'] as string,
    account: row['account'] as string,
    kind: row['kind'] as Grant['kind'],
    amount: row['amount'] as Microcredits,
    priority: row['priority'] as number,
    effectiveAt: row['effective_at'] as number,
    expiresAt: row['expires_at'] as number | null,
    voidedAt: row['voided_at'] as number | null,
    spent: row['spent'] as Microcredits,
    held: row['held'] as Microcredits,
    ended: row['ended'] as Microcredits,
    reason: row['reason'] as string,
    by: row['by'] as string,
    terms: row['terms'] === null ? null : (JSON.parse(row['terms'] as string) as GrantTerms),
  };
}

export function windowOf(row: SqlRow): CapWindow {
  return { id: row['id'] as string, spent: row['spent'] as Microcredits, held: row['held'] as Microcredits };
}

export function claimOf(row: SqlRow): Claim {
  return {
    id: row['id'] as string,
    callId: row['call_id'] as string,
    fingerprint: row['fingerprint'] as string,
    expiresAt: row['expires_at'] as number,
    done: row['done'] === 1,
    answer: row['answer'] as string,
    digest: row['digest'] as string,
  };
}

export function answerOf(row: SqlRow): StoredAnswer {
  const headers = JSON.parse(row['headers'] as string) as [string, string][];
  return { status: row['status'] as number, headers, body: row['body'] as string };
}

export function entryOf(row: SqlRow): Entry {
  return {
    account: row['account'] as string,
    number: row['number'] as number,
    kind: row['kind'] as Entry['kind'],
    delta: row['delta'] as Microcredits,
    before: row['before'] as Microcredits,
    after: row['after'] as Microcredits,
    at: row['at'] as number,
    callId: row['call_id'] as string | null,
    grantId: row['grant_id'] as string | null,
    parts: partsOf(row['parts'] as string),
    note: row['note'] as string,
    callDigest: row['call_digest'] as string,
    hash: row['hash'] as string,
  };
}

function partsOf(json: string): Part[] {
  const rows = JSON.parse(json) as [string, string, Microcredits][];
  return rows.map(([account, grant, amount]) => ({ account, grant, amount }));
}

function passedOf(json: string): Passed[] {
  return (JSON.parse(json) as [string, Passed['mode']][]).map(([cap, mode]) => ({ cap, mode }));
}

function settlementOf(json: string): Settlement {
  const [charge, free, absorbed, ended] = JSON.parse(json) as [Microcredits, Microcredits, Microcredits, Record<string, unknown>];
  return { charge, free, absorbed, ended };
}
