// What a plan gives on the left side of a statement's line: allowances, rollover, extra credits and the cycle that they run in.
import { parseCredits } from '@tollgate/shared/credits';
import type { Microcredits } from '@tollgate/shared/credits';
import { cycleAfter, cycleAt } from '@tollgate/shared/cycle';
import type { CycleRule } from '@tollgate/shared/cycle';
import type { AllowanceDue, Terms } from '../../gateway/src/ledger/commands.ts';
import type { Rollover } from '../../gateway/src/ledger/rows.ts';

export type Options = Readonly<Record<string, string>>;

/**
 * The terms of a hold: `due ann/8000/s1` is an allowance (it may come again), `extra 50` a limit of extra credits, `bypass yes`; they
 * count until `lasts`, else to the end of the cycle. Undefined where the line has none of these.
 */
export function termsOf(given: Options, timeOf: (text: string) => number, now: number): Terms | undefined {
  if (!['due', 'extra', 'bypass', 'lasts'].some((name) => given[name] !== undefined)) return undefined;
  const cycle = cycleAt(ruleOf(given), now);
  const allowances = (given['due'] ?? '')
    .split(' ')
    .filter(Boolean)
    .map((text) => dueOf(text, given, now));
  const fee = { perCredit: '0.002', currency: 'USD' };
  return {
    allowances,
    extra:
      given['extra'] === undefined ? null : { account: 'extra:acme', limit: credits(given['extra']), ...cycleSpan(cycle), fee },
    bypass: given['bypass'] === 'yes',
    resetsAt: allowances.some(({ kind }) => kind === 'allowance') ? cycle.until : null,
    until: given['lasts'] === undefined ? cycle.until : timeOf(given['lasts']),
  };
}

/**
 * `ann/8000/s1`: 8000 a cycle to the user ann in the seat s1, `pool/500` to the pool, `ann/500//anna` 500 once to the person anna.
 * With `roll 100/2` up to 100 go on for two cycles more, with `roll 100` for good.
 */
export function dueOf(text: string, given: Options, now: number): AllowanceDue {
  const [who = '', amount = '', seat, identity] = text.split('/');
  const account = who === 'pool' ? 'pool:acme' : `user:acme/${who}`;
  if (identity !== undefined) return { kind: 'lifetime', account, identity, amount: credits(amount) };
  const rule = ruleOf(given);
  return {
    kind: 'allowance',
    account,
    seat: seat === undefined ? null : `seat:acme/${seat}`,
    amount: credits(amount),
    ...cycleSpan(cycleAt(rule, now)),
    rollover: given['roll'] === undefined ? null : rollOf(given['roll'], rule, now),
  };
}

function rollOf(text: string, rule: CycleRule, now: number): Rollover {
  const [most = '', cycles] = text.split('/');
  return { most: credits(most), expiresAt: cycles === undefined ? null : cycleAfter(rule, now, Number(cycles)).until };
}

/** `every day`, `anchor 2026-01-31`, `zone Europe/Berlin`; without any of them the calendar month in UTC. */
export function ruleOf(given: Options): CycleRule {
  const everies = ['day', 'week', 'month', 'year'] as const;
  const every = everies.find((one) => one === (given['every'] ?? 'month'));
  if (every === undefined) throw new Error(`${given['every']} is not a cycle`);
  return { every, anchor: given['anchor'] ?? null, zone: given['zone'] ?? 'UTC', since: null };
}

function cycleSpan({ from, until }: { from: number; until: number }): { from: number; until: number } {
  return { from, until };
}

export function credits(text: string): Microcredits {
  const amount = parseCredits(text);
  if (amount === undefined) throw new Error(`${text} is not an amount`);
  return amount;
}
