// Slips that a ledger could have, each as one change of the engine's text. The model has to notice every one of them.

export interface Mutant {
  name: string;
  /** In gateway/src/ledger. */
  file: string;
  /** Must be there exactly once. */
  find: string;
  put: string;
}

/** Of holds and their ends, of grants and of the chain. */
export const CALL_MUTANTS: readonly Mutant[] = [
  {
    name: 'a charge with its sign flipped',
    file: 'charge.ts',
    find: "append(draft, account, 'charge', subtract(ZERO, total(parts)),",
    put: "append(draft, account, 'charge', total(parts),",
  },
  {
    name: 'only the first cap decides',
    file: 'caps.ts',
    find: 'if (found === undefined || left < found.left) found',
    put: 'if (found === undefined) found',
  },
  {
    name: 'a hold is not counted in its windows',
    file: 'caps.ts',
    find: 'window.held = microcredits(window.held + countedIn(id, amount, parts));',
    put: 'window.held = microcredits(window.held + 0 * countedIn(id, amount, parts));',
  },
  {
    name: 'a charge is not counted in its windows',
    file: 'charge.ts',
    find: 'window.spent = microcredits(before + countedIn(id, charge, parts));',
    put: 'window.spent = microcredits(before + 0 * countedIn(id, charge, parts));',
  },
  {
    name: 'a settle that is repeated charges again',
    file: 'settle.ts',
    find: "if (call.state === 'settled') return { ok: true, call, repeated: true };",
    put:
      "if (call.state === 'settled') chargeCall(draft, { ...call, state: 'open' }, 'settled', settlement, answer);\n" +
      "  if (call.state === 'settled') return { ok: true, call, repeated: true };",
  },
  {
    name: 'a hold is not given back',
    file: 'draw.ts',
    find: 'grant.held = microcredits(grant.held - part.amount);',
    put: 'grant.held = microcredits(grant.held - 0 * part.amount);',
  },
  {
    name: 'a window keeps what was held',
    file: 'draw.ts',
    find: 'window.held = microcredits(window.held - countedIn(id, call.hold, call.parts));',
    put: 'window.held = microcredits(window.held - 0 * countedIn(id, call.hold, call.parts));',
  },
  {
    name: 'a release goes to the wrong grant',
    file: 'draw.ts',
    find: 'draft.editGrant(draft.liveGrant(part.account, part.grant));',
    put: 'draft.editGrant(draft.liveGrant((call.parts[0] ?? part).account, (call.parts[0] ?? part).grant));',
  },
  {
    name: 'expiry is ignored',
    file: 'burn-order.ts',
    find: 'return grant.voidedAt !== null || (grant.expiresAt !== null && grant.expiresAt <= at);',
    put: 'return grant.voidedAt !== null || at < 0;',
  },
  {
    name: 'a grant lasts a moment too long',
    file: 'burn-order.ts',
    find: 'grant.expiresAt <= at);',
    put: 'grant.expiresAt < at);',
  },
  {
    name: 'burn order is reversed',
    file: 'burn-order.ts',
    find: 'a.priority - b.priority ||',
    put: 'b.priority - a.priority ||',
  },
  {
    name: 'draw order is reversed',
    file: 'hold.ts',
    find: 'const parts = setAside(draft, sources, own);',
    put: 'const parts = setAside(draft, sources.toReversed(), own);',
  },
  {
    name: 'a hold takes from grants that are not effective yet',
    file: 'draw.ts',
    find: 'if (grant.effectiveAt > draft.at || hasEnded(grant, draft.at)) continue;',
    put: 'if (hasEnded(grant, draft.at)) continue;',
  },
  {
    name: 'anybody may end a hold',
    file: 'settle.ts',
    find: 'return call.owner === owner || call.job !== null;',
    put: "return call.owner === owner || call.owner !== '';",
  },
  {
    name: 'a charge above the hold is let through',
    file: 'settle.ts',
    find: 'if (settlement.charge > call.hold)',
    put: 'if (settlement.charge > call.hold + 1)',
  },
  {
    name: 'a lapse comes before its lease has passed',
    file: 'settle.ts',
    find: 'if (draft.at < call.leaseUntil)',
    put: 'if (draft.at + 1 < call.leaseUntil)',
  },
  {
    name: 'a lapse always charges the whole hold',
    file: 'settle.ts',
    find: "chargeCall(draft, call, 'lapsed', call.onLapse, null)",
    put: "chargeCall(draft, call, 'lapsed', { ...call.onLapse, charge: call.hold }, null)",
  },
  {
    name: 'a late settle is forgotten',
    file: 'settle.ts',
    find: "if (call.state === 'lapsed') draft.changes.late.push({ callId, at: draft.at, settlement });",
    put: '',
  },
  {
    name: 'a released call keeps its claim',
    file: 'claim.ts',
    find: 'if (claim !== undefined) draft.changes.claimsGone.push(claim.id);',
    put: 'if (claim === undefined) draft.changes.claimsGone.push(call.id);',
  },
  {
    name: 'a call ends the claim that another one took over',
    file: 'claim.ts',
    find: 'return claim?.callId === call.id ? claim : undefined;',
    put: 'return claim;',
  },
  {
    name: 'a claim is never forgotten',
    file: 'claim.ts',
    find: 'if (claim === undefined || claim.expiresAt <= draft.at) return undefined;',
    put: 'if (claim === undefined) return undefined;',
  },
  {
    name: 'a roll-up in the hour of the end',
    file: 'roll-up.ts',
    find: 'const hour = call.heldAt - (call.heldAt % HOUR_MS);',
    put: 'const hour = (call.endedAt ?? 0) - ((call.endedAt ?? 0) % HOUR_MS);',
  },
  {
    name: 'a charge of zero is not counted',
    file: 'roll-up.ts',
    find: 'if (isCounted(call)) draft',
    put: 'if (isCounted(call) && call.charge !== 0) draft',
  },
  {
    name: 'the customer pays what the operator absorbs',
    file: 'charge.ts',
    find: "append(draft, ABSORBED, 'absorb', call.absorbed, about);",
    put: "append(draft, call.sources[0] ?? ABSORBED, 'absorb', -call.absorbed, about);",
  },
  {
    name: 'before and after are swapped',
    file: 'entry.ts',
    find: 'before: account.balance,\n    after: add(account.balance, delta),',
    put: 'before: add(account.balance, delta),\n    after: account.balance,',
  },
  {
    name: 'the chain is not linked',
    file: 'entry.ts',
    find: 'entry.hash = entryHash(account.chain, entry);',
    put: "entry.hash = entryHash('', entry);",
  },
  {
    name: 'an ended grant is revived at a release',
    file: 'release.ts',
    find: 'endExtra(draft, call);\n  for (const account of payers) expireDue(draft, account);',
    put: 'endExtra(draft, call);',
  },
  {
    name: 'an ended grant is revived at a settle',
    file: 'charge.ts',
    find: 'endExtra(draft, call);\n  for (const account of payers) expireDue(draft, account);',
    put: 'endExtra(draft, call);',
  },
  {
    name: "another process's lease is renewed",
    file: 'renew.ts',
    find: "if (call === undefined || call.state !== 'open' || call.owner !== command.owner) {",
    put: "if (call === undefined || call.state !== 'open') {",
  },
  {
    name: "a lease takes the place of a job's deadline",
    file: 'renew.ts',
    find: 'if (call.job !== null && command.job === null) continue;',
    put: '',
  },
  {
    name: 'a settle draws from grants that became effective later',
    file: 'draw.ts',
    find: 'if (grant.effectiveAt > effectiveBy) continue;',
    put: 'if (grant.effectiveAt > Math.max(effectiveBy, draft.at)) continue;',
  },
  {
    name: 'a void ends what is held as well',
    file: 'grant.ts',
    find: 'const voided = freeOf(row);',
    put: "const voided = (freeOf(row) + row.held) as Grant['held'];\n  row.held = ZERO;",
  },
  {
    name: 'a batch does not see its own holds',
    file: 'overlay.ts',
    find: 'return this.#grantLists.get(account) ?? this.#base.grants(account);',
    put: 'return this.#base.grants(account);',
  },
];
