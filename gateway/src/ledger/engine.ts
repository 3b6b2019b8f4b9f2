// The ledger as a pure function (decision 3): a state and a command in, an outcome and changes out. No I/O, no clock, and
// nothing that it is given is changed. The same engine serves live calls, the replay of a price change and the model test.
import assert from 'node:assert/strict';
import { allow } from './allow.ts';
import { correct } from './correct.ts';
import { Draft } from './draft.ts';
import { expire } from './expire.ts';
import { grant, voidGrant } from './grant.ts';
import { hold } from './hold.ts';
import type { Command } from './commands.ts';
import type { Changes, State } from './ledger.ts';
import type { Outcome, OutcomeOf } from './outcomes.ts';
import { put } from './put.ts';
import { release } from './release.ts';
import { renew } from './renew.ts';
import { lapse, settle } from './settle.ts';

/**
 * Decides one command on these rows. Refusals are outcomes; due expiries of the accounts that it touched are among the changes
 * also where it is refused.
 * @param at the ledger's clock, epoch milliseconds.
 * @throws {AssertionError} on a bug in the caller or in the engine; nothing of the command has happened then.
 */
export function apply<C extends Command>(state: State, command: C, at: number): { outcome: OutcomeOf<C>; changes: Changes } {
  const draft = new Draft(state, at);
  // The table pairs each command with its own function, which the compiler can not follow through the index.
  const decide = DECIDE[command.type] as unknown as (draft: Draft, command: C) => OutcomeOf<C>;
  const outcome = decide(draft, command);
  checkInvariants(draft.changes);
  return { outcome, changes: draft.changes };
}

const DECIDE: { [Type in Command['type']]: (draft: Draft, command: Extract<Command, { type: Type }>) => Outcome } = {
  grant,
  void: voidGrant,
  hold,
  renew,
  settle,
  release,
  lapse,
  expire,
  correct,
  allow,
  put,
};

/** What must hold of every row after every command, whatever it was. */
function checkInvariants(changes: Changes): void {
  for (const { id, balance, held } of changes.accounts) {
    assert(held >= 0, `account ${id} holds ${held}`);
    assert(balance >= held, `account ${id} holds ${held} of ${balance}`);
  }
  for (const { id, amount, spent, held, ended } of changes.grants) {
    assert(spent >= 0 && held >= 0 && ended >= 0, `grant ${id}: ${spent} spent, ${held} held, ${ended} ended`);
    assert(spent + held + ended <= amount, `grant ${id} gave more than ${amount}`);
  }
  for (const { id, spent, held } of changes.windows)
    assert(spent >= 0 && held >= 0, `window ${id}: ${spent} spent, ${held} held`);
  for (const { account, number, before, delta, after } of changes.entries) {
    assert(after === before + delta, `entry ${number} of ${account} does not add up`);
  }
}
