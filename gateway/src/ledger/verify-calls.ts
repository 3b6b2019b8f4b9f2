// Calls: what a call says of itself, and what the entries say of it.
import { callDigest } from './digest.ts';
import type { Call } from './rows.ts';
import type { CallToVerify, Finding, VerifyOptions, VerifyStore } from './verify.ts';

export async function* verifyCalls(store: VerifyStore, options: VerifyOptions): AsyncGenerator<Finding> {
  for await (const page of store.calls()) {
    for (const row of page) {
      for (const problem of problemsOf(row, options)) yield { table: 'calls', id: row.call.id, problem };
    }
  }
}

function* problemsOf(
  { call, charged, absorbed, isTied, claimedBy }: CallToVerify,
  { at, overdueMs }: VerifyOptions,
): Generator<string> {
  if (call.digest !== callDigest(call)) yield 'its digest does not fit its fields';
  if (call.limits.length > 0 && call.limits.length !== call.windows.length)
    yield `it counts in ${call.windows.length} windows, and has ${call.limits.length} limits`;
  if (sum(call.parts) !== call.hold) yield `it holds ${call.hold}, its parts add up to ${sum(call.parts)}`;
  if (sum(call.chargedParts) !== (call.charge ?? 0))
    yield `it is charged ${call.charge}, its parts add up to ${sum(call.chargedParts)}`;
  if ((call.charge ?? 0) > call.hold) yield `it is charged ${call.charge}, above its hold of ${call.hold}`;
  if (charged !== (call.charge ?? 0)) yield `it is charged ${call.charge}, its entries charge ${charged}`;
  if (absorbed !== call.absorbed) yield `it absorbed ${call.absorbed}, its entries absorb ${absorbed}`;
  if (!isTied) yield 'an entry carries another digest of it';
  if (call.state === 'open' && call.leaseUntil + overdueMs < at) {
    yield `it is open, and its lease passed at ${new Date(call.leaseUntil).toISOString()}`;
  }
  if (mustHaveClaim(call, at) && claimedBy !== call.id) yield `its claim ${call.claim} is not there`;
}

/** A released call gives its claim back, and a claim past its time may be forgotten or taken over (rule 22). */
function mustHaveClaim(call: Call, at: number): boolean {
  return call.claim !== null && call.state !== 'released' && (call.claimUntil ?? 0) > at;
}

function sum(parts: Call['parts']): number {
  return parts.reduce((total, part) => total + part.amount, 0);
}
