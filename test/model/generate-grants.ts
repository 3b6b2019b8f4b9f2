// Random commands about where credits come from: grants by hand, voids, corrections, and allowances that are due or nearly so.
import { microcredits } from '@tollgate/shared/credits';
import type { AllowanceDue, Command } from '../../gateway/src/ledger/commands.ts';
import type { Audit, GrantKind, GrantTerms } from '../../gateway/src/ledger/rows.ts';
import type { BookGrant, Books } from './books.ts';
import type { Random } from './random.ts';
import type { Layout } from './world.ts';

const AWAY: [number, ...number[]] = [1, 5, 10, 10, 50, 100, 1_000, 3_000_000];
const GRANTED: [string, ...string[]] = ['pool:a', 'pool:a', 'pool:a', 'pool:b', 'user:a/u', 'user:a/v', 'user:b/u', 'extra:a'];

/** As the ledger itself would name a grant. */
const OWN_IDS: [string, ...string[]] = ['lifetime:i-u', 'extra:c1', 'pool:a@5#0', 'seat:a/s1'];

export function grant(random: Random, books: Books, at: number): Command {
  const old = books.grants[random.below(books.grants.length * 5)];
  const { id, account, amount, ...rest } = old ?? {
    id: random.percent(2) ? random.pick(OWN_IDS) : `g${books.grants.length}.${random.below(1_000)}`,
    account: random.pick(GRANTED),
    amount: 0n,
  };
  const expiresAt = random.percent(40) ? null : at + random.pick(AWAY) - (random.percent(10) ? 20 : 0);
  const fresh = {
    effectiveAt: random.percent(60) ? null : at + random.pick([-20, 0, 1, 10, 50, 900]),
    expiresAt,
    kind: random.pick<GrantKind>(['top-up', 'promo']),
    priority: random.pick([0, 1, 2, 15, 25]),
    reason: 'bought',
    by: 'op',
    terms: termsOf(random, at, expiresAt),
  };
  const repeated = { ...fresh, ...contentOf(rest), ...(random.percent(20) ? { terms: fresh.terms } : {}) };
  const { terms, ...content } = old === undefined || random.percent(40) ? fresh : repeated;
  const other = random.percent(4) ? random.pick([0, -5]) : 1 + random.below(150);
  const given = microcredits(old === undefined || random.percent(10) ? other : Number(amount));
  return { type: 'grant', id, account, ...content, amount: given, ...(terms === null ? {} : { terms }), ...auditOf(random, id) };
}

function contentOf(from: Partial<BookGrant>) {
  const { kind, priority, effectiveAt, expiresAt, reason, by, terms } = from;
  const content = { kind, priority, effectiveAt, expiresAt, reason, by, terms };
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
}

/** What goes on may have to end at the very moment at which it would begin. */
function termsOf(random: Random, at: number, ends: number | null): GrantTerms | null {
  if (random.percent(70)) return null;
  const expiresAt = random.percent(35) ? ends : random.percent(30) ? null : at + random.pick(AWAY);
  return { rollover: { most: microcredits(random.pick([1, 20, 60])), expiresAt } };
}

/** Any grant may be ended by hand, also one of extra credits while its call is open. */
export function voidOf(random: Random, books: Books): Command {
  const alive = books.grants.filter((one) => one.voidedAt === null && one.spent + one.ended < one.amount);
  const from = random.percent(75) ? alive : books.grants;
  const grantId = from[random.below(from.length)]?.id ?? 'g0';
  return { type: 'void', grantId, reason: 'mistake', by: 'op', ...auditOf(random, grantId) };
}

export function correct(random: Random, books: Books): Command {
  const known = [...books.corrections.keys()];
  const taken = random.percent(3) ? books.grants[0]?.id : undefined;
  const id = known[random.below(known.length * 2)] ?? taken ?? `k${known.length}.${random.below(1_000)}`;
  const amount = microcredits(random.percent(5) ? 0 : random.below(80) - 50);
  const content = books.corrections.get(id)?.content;
  const audit = auditOf(random, id);
  if (content !== undefined && random.percent(60)) return { ...(JSON.parse(content) as Command), ...audit };
  const account = random.pick(['pool:a', 'pool:b', 'user:a/u', 'user:a/v', 'extra:a']);
  return { type: 'correct', id, account, amount, callId: null, reason: 'mend', by: 'op', ...audit };
}

function auditOf(random: Random, id: string): { audit?: Audit } {
  if (random.percent(50)) return {};
  const subject = { kind: 'grant', id };
  const who = { by: 'op', user: random.pick([null, 'ann']), from: '10.0.0.1', organization: random.pick([null, 'a']) };
  return { audit: { ...who, action: 'grant.change', subject, before: null, after: { n: random.below(3) }, reason: 'asked' } };
}

/** What a sweep would ask for, and what it would ask for if it were late, early or of another mind. */
export function allow(random: Random, { terms }: Layout, at: number): Command {
  const due = terms?.allowances[random.below(terms.allowances.length)] ?? someDue(random, at);
  return { type: 'allow', allowance: random.percent(70) ? due : moved(random, due, at) };
}

function someDue(random: Random, at: number): AllowanceDue {
  const account = random.pick(['user:a/u', 'user:a/v', 'user:b/w', 'pool:b']);
  if (random.percent(25)) return { kind: 'lifetime', account, identity: random.pick(['i-u', 'i-v']), amount: microcredits(15) };
  const seat = account.startsWith('user:a') ? random.pick([null, 'seat:a/s1', 'seat:a/s2']) : null;
  const amount = microcredits(random.pick([40, 80, 100]));
  return { kind: 'allowance', account, seat, amount, from: at - random.below(50), until: at + random.pick(AWAY), rollover: null };
}

function moved(random: Random, due: AllowanceDue, at: number): AllowanceDue {
  const amount = microcredits(Math.max(1, due.amount + random.pick([-20, 0, 30])));
  if (due.kind === 'lifetime') return { ...due, amount };
  const chance = random.below(3);
  if (chance === 0) return { ...due, amount };
  if (chance === 1) return { ...due, from: at + random.pick([0, 1, 5]), until: at + 5 + random.pick(AWAY) };
  // One whose period may be over when it is asked for.
  return { ...due, amount, from: at - 30, until: at + random.pick([-5, 0, 1, 20]) };
}
