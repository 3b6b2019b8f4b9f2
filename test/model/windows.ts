// What windows have seen, and what is told when one crosses a part of its limit: added up from the calls that count in them.
import type { CapCheck, ExtraTerms } from '../../gateway/src/ledger/commands.ts';
import { sum, tell } from './books.ts';
import type { BookCall, BookPart, Books } from './books.ts';

export function windowOf(cap: CapCheck): string {
  return `${cap.id}@${cap.from}`;
}

export function extraWindowOf({ account, from }: ExtraTerms): string {
  return `${account}@${from}`;
}

/** The holds of its open calls and the charges of its ended ones; one of extra credits, of a pool or of a person counts what is on that account alone. */
export function seenIn(books: Books, window: string): { spent: bigint; held: bigint } {
  const calls = books.calls.filter((call) => call.windows.includes(window));
  const held = calls.filter((call) => call.state === 'open').map((call) => countedIn(window, call.parts));
  return { spent: sum(calls.map((call) => countedIn(window, call.chargedParts))), held: sum(held) };
}

export function usedOf(books: Books, window: string): bigint {
  const { spent, held } = seenIn(books, window);
  return spent + held;
}

/** What is left of a cap; one that was lowered below what is used leaves nothing. */
export function leftOf(books: Books, cap: CapCheck): bigint {
  const left = BigInt(cap.limit) - usedOf(books, windowOf(cap));
  return left < 0n ? 0n : left;
}

/** What is left of the limit of extra credits. */
export function extraLeft(books: Books, extra: ExtraTerms | null): bigint {
  if (extra === null) return 0n;
  const left = BigInt(extra.limit) - usedOf(books, extraWindowOf(extra));
  return left < 0n ? 0n : left;
}

function countedIn(window: string, parts: readonly BookPart[]): bigint {
  const account = /^(?:watch:)?((?:extra|pool|user):[^@]+)@/.exec(window)?.[1];
  return sum(parts.filter((part) => account === undefined || part.account === account).map((part) => part.amount));
}

/** Tells which windows the charge of a call that has just ended took to 50, 80 or 100 % of their limit: the highest, once. */
export function tellCrossings(books: Books, call: BookCall, at: number): void {
  for (const [index, window] of call.windows.entries()) {
    const limit = BigInt(call.limits[index] ?? 0);
    const { spent } = seenIn(books, window);
    const before = spent - countedIn(window, call.chargedParts);
    const percent = [100n, 80n, 50n].find((one) => before * 100n < limit * one && spent * 100n >= limit * one);
    if (limit <= 0n || percent === undefined) continue;
    const { workspace } = call.about;
    const data = { window, percent: Number(percent), limit: Number(limit), spent: Number(spent), callId: call.id };
    const organization = workspace.split('/')[0] ?? '';
    tell(books, { id: `alert:${window}:${percent}`, type: 'alert.crossed', organization, workspace, at, data });
  }
}
