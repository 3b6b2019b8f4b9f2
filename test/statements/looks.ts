// The right side of a statement's line: what can be looked at, in the outcome and in the books, as the text that the line gives.
import { formatCredits, microcredits, ZERO } from '@tollgate/shared/credits';
import type { Grant, Part, Passed } from '../../gateway/src/ledger/rows.ts';
import { accountName, DAY } from './event.ts';
import type { Teller } from './statement.ts';

/**
 * What a name stands for, as text. Of the books: `available`, `held`, `balance` of acme's pool, or of another account as
 * `available@user:ann`; `entries@acme` in order as `grant+500,charge-60`; `left@g1` of a grant (not spent or ended), `state@c1` of a
 * call; `window@team-hour@10:00` as `spent/held`; `claim@k1` as `running`, `done` or `none`; `answer@k1`; `late`; `used@10:00` as
 * `calls/charge` of the hour; `given@user:acme/ann` and `given@seat:acme/s1` of an allowance in its period; `live@user:ann` grants with
 * something left, as `id:left`; `told` the ids of all events; `audits` how many; `version@key/k1`, 0 where there is none. Of the outcome: `parts`,
 * `charged`, `scope`, `room`, `resets`, `state`, `renewed`, `before`, `after`, `passed`, `by`, and `grant` as `id:amount:from:until`.
 */
export async function look(teller: Teller, came: object, name: string): Promise<string> {
  const [what = '', of, at] = name.split('@');
  if (of === undefined && !['available', 'held', 'balance', 'late', 'told', 'audits'].includes(what))
    return lookAtOutcome(came, what);
  if (what === 'available' || what === 'held') {
    const standing = await teller.ledger.standing({ sources: [accountName(of ?? 'acme')] });
    return formatCredits(standing[what]);
  }
  return lookAtBooks(teller, what, of ?? 'acme', at ?? '');
}

function lookAtBooks({ store: { rows } }: Teller, what: string, of: string, at: string): string {
  switch (what) {
    case 'balance':
      return formatCredits(microcredits(rows.accounts.get(accountName(of))?.balance ?? 0));
    case 'entries':
      return rows.entries
        .filter((entry) => entry.account === accountName(of))
        .map((entry) => `${entry.kind}${entry.delta < 0 ? '' : '+'}${formatCredits(entry.delta)}`)
        .join();
    case 'left':
      return leftOf(rows.grants.get(of));
    case 'state':
      return rows.calls.get(of)?.state ?? 'none';
    case 'window': {
      const window = [...rows.windows.values()].find(
        (one) => one.id.startsWith(`${of}@`) && (at === '' || clock(startOf(one.id)) === at),
      );
      return window === undefined ? 'none' : `${formatCredits(window.spent)}/${formatCredits(window.held)}`;
    }
    case 'claim': {
      const claim = rows.claims.get(`acme/chat/${of}`);
      return claim === undefined ? 'none' : claim.done ? 'done' : 'running';
    }
    case 'answer':
      return rows.answers.get(`acme/chat/${of}`)?.body ?? 'none';
    case 'late':
      return rows.late.map((one) => `${one.callId}:${formatCredits(one.settlement.charge)}`).join() || 'none';
    case 'given':
      return formatCredits(rows.allowances.get(of)?.granted ?? ZERO);
    case 'live':
      return (
        [...rows.grants.values()]
          .filter((grant) => grant.account === accountName(of) && grant.spent + grant.ended < grant.amount)
          .map((grant) => `${grant.id}:${leftOf(grant)}`)
          .join() || 'none'
      );
    case 'told':
      return [...rows.events.keys()].join() || 'none';
    case 'audits':
      return String(rows.audits.length);
    case 'version':
      return String(rows.records.get(of.replace('/', ' '))?.version ?? 0);
    case 'used': {
      const ofHour = rows.rollups.filter((one) => clock(one.hour) === of);
      const [calls, charge] = [ofHour.reduce((sum, one) => sum + one.calls, 0), ofHour.reduce((sum, one) => sum + one.charge, 0)];
      return `${calls}/${formatCredits(microcredits(charge))}`;
    }
    default:
      throw new Error(`${what} is nothing to look at`);
  }
}

function leftOf(grant: Grant | undefined): string {
  return grant === undefined ? 'none' : formatCredits(microcredits(grant.amount - grant.spent - grant.ended));
}

function startOf(windowId: string): number {
  return Number(windowId.slice(windowId.lastIndexOf('@') + 1));
}

/** Fields of an outcome, or of the call in it. */
function lookAtOutcome(came: object, what: string): string {
  const names: Readonly<Record<string, string>> = {
    room: 'available',
    resets: 'resetsAt',
    charged: 'chargedParts',
    before: 'availableBefore',
    after: 'availableAfter',
  };
  const outcome = new Map<string, unknown>(
    Object.entries('call' in came && typeof came.call === 'object' ? { ...came.call } : came),
  );
  const value = outcome.get(names[what] ?? what);
  if (value === undefined) throw new Error(`${what} is nothing to look at`);
  if (value === null) return what === 'resets' ? 'never' : 'none';
  if (what === 'grant') return grantText(value as Grant);
  if (what === 'version') return `${value as number}`;
  if (what === 'passed') return (value as Passed[]).map(({ cap, mode }) => `${cap}/${mode}`).join() || 'none';
  if (what === 'resets') return clock(Number(value));
  if (typeof value === 'number') return formatCredits(microcredits(value));
  if (what === 'parts' || what === 'charged')
    return (value as Part[]).map((part) => `${part.grant}:${formatCredits(part.amount)}`).join() || 'none';
  if (what === 'scope')
    return Object.entries(value)
      .filter(([name, inner]) => name !== 'kind' && inner !== null)
      .map(([, inner]) => inner)
      .join('/');
  return Array.isArray(value) ? value.join() || 'none' : `${value as string | boolean}`;
}

function grantText({ id, amount, effectiveAt, expiresAt }: Grant): string {
  return `${id}:${formatCredits(amount)}:${clock(effectiveAt)}:${expiresAt === null ? 'never' : clock(expiresAt)}`;
}

/** Hours and minutes in UTC, with the date where it is another than the statement's. */
function clock(at: number): string {
  const text = new Date(at).toISOString().slice(0, 16);
  return at >= DAY && at < DAY + 86_400_000 ? text.slice(11) : text;
}
