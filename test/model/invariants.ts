// What must be true of the rows at every moment, whatever happened before; it needs no model to be checked.
import type { Part } from '../../gateway/src/ledger/rows.ts';
import type { Rows } from '../kit/memory-store.ts';

/** The first rule that the rows break, in words; undefined where they keep all of them. */
export function brokenRule(rows: Rows): string | undefined {
  return brokenGrant(rows) ?? brokenAccount(rows) ?? brokenCall(rows) ?? brokenWindow(rows) ?? brokenAllowance(rows);
}

function brokenGrant(rows: Rows): string | undefined {
  const held = new Map<string, number>();
  for (const call of rows.calls.values()) {
    if (call.state === 'open') for (const part of call.parts) held.set(part.grant, (held.get(part.grant) ?? 0) + part.amount);
  }
  for (const grant of rows.grants.values()) {
    const free = grant.amount - grant.spent - grant.ended - grant.held;
    if (Math.min(free, grant.spent, grant.ended, grant.held) < 0) return `grant ${grant.id} does not add up`;
    if (grant.held !== (held.get(grant.id) ?? 0))
      return `grant ${grant.id} holds ${grant.held}, its open calls ${held.get(grant.id)}`;
  }
  return undefined;
}

function brokenAccount(rows: Rows): string | undefined {
  for (const account of rows.accounts.values()) {
    const entries = rows.entries.filter((entry) => entry.account === account.id);
    const balance = entries.reduce((total, entry) => total + entry.delta, 0);
    if (balance !== account.balance) return `account ${account.id} has ${account.balance}, its entries add up to ${balance}`;
    const grants = [...rows.grants.values()].filter((grant) => grant.account === account.id);
    const held = grants.reduce((total, grant) => total + grant.held, 0);
    if (held !== account.held) return `account ${account.id} holds ${account.held}, its grants ${held}`;
    const left = grants.reduce((total, grant) => total + grant.amount - grant.spent - grant.ended, 0);
    if (account.id !== 'absorbed' && left !== balance) return `account ${account.id} has ${balance}, its grants ${left}`;
    if (account.chain !== (entries.at(-1)?.hash ?? '')) return `account ${account.id} does not name the end of its chain`;
    if (new Set(entries.map((entry) => entry.hash)).size !== entries.length) return `account ${account.id} repeats a hash`;
    const crooked = entries.find((entry, index) => entry.number !== index + 1 || entry.after !== entry.before + entry.delta);
    if (crooked !== undefined) return `entry ${crooked.number} of ${account.id} does not add up`;
  }
  return undefined;
}

function brokenCall(rows: Rows): string | undefined {
  const digests = new Map<string, string[]>();
  for (const { callId, kind, callDigest } of rows.entries) {
    if (kind === 'charge' && callId !== null) digests.set(callId, [...(digests.get(callId) ?? []), callDigest]);
  }
  for (const call of rows.calls.values()) {
    const taken = call.parts.reduce((total, part) => total + part.amount, 0);
    if (taken !== call.hold) return `call ${call.id} holds ${call.hold}, its parts ${taken}`;
    const charged = call.chargedParts.reduce((total, part) => total + part.amount, 0);
    if (charged !== (call.charge ?? 0) || charged > call.hold)
      return `call ${call.id} charges ${call.charge}, its parts ${charged}`;
    const open = call.state === 'open';
    if (open !== (call.endedAt === null) || open !== (call.availableAfter === null)) return `call ${call.id} is half ended`;
    const untied = digests.get(call.id)?.find((digest) => digest !== call.digest || digest === '');
    if (untied !== undefined) return `a charge of call ${call.id} names another state of it`;
  }
  return undefined;
}

function brokenWindow(rows: Rows): string | undefined {
  const seen = new Map<string, { spent: number; held: number }>();
  for (const call of rows.calls.values()) {
    if (call.windows.length !== call.limits.length) return `call ${call.id} has not one limit for each of its windows`;
    for (const id of call.windows) {
      const window = seen.get(id) ?? { spent: 0, held: 0 };
      window.spent += countedIn(id, call.chargedParts);
      if (call.state === 'open') window.held += countedIn(id, call.parts);
      seen.set(id, window);
    }
  }
  for (const window of rows.windows.values()) {
    if (window.held < 0 || window.spent < 0) return `window ${window.id} is below zero`;
    const { spent, held } = seen.get(window.id) ?? { spent: 0, held: 0 };
    if (window.spent !== spent || window.held !== held)
      return `window ${window.id} has seen ${window.spent} and ${window.held}, its calls ${spent} and ${held}`;
  }
  return undefined;
}

/** A window of extra credits, or of a pool or a person that is watched, counts what is on that account alone. */
function countedIn(window: string, parts: readonly Part[]): number {
  const account = /^(?:watch:)?((?:extra|pool|user):[^@]+)@/.exec(window)?.[1];
  return parts.reduce((total, part) => total + (account === undefined || part.account === account ? part.amount : 0), 0);
}

/** Rule 18: what was granted of an allowance is what its row says, and what the row says is never above what was due at most. */
function brokenAllowance(rows: Rows): string | undefined {
  const given = new Map<string, number>();
  for (const { amount, terms } of rows.grants.values()) {
    if (terms?.period !== undefined) given.set(terms.period, (given.get(terms.period) ?? 0) + amount);
  }
  for (const { id, from, until, granted } of rows.allowances.values()) {
    if (until <= from) return `the period of ${id} ends before it begins`;
    const sum = given.get(`${id}@${from}`) ?? 0;
    if (!id.startsWith('seat:') && sum !== granted) return `${id} was granted ${granted}, its grants are ${sum}`;
  }
  return undefined;
}
