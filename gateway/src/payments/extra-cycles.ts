// Extra credits by cycle: how many were drawn, and what their fees add up to, from the grants that each draw has made under the fee of its
// moment. The windows are those that enforce the limit, so that nothing is billed that was not counted (decision 7).
import { microcredits, type Microcredits } from '@tollgate/shared/credits';
import { feeFor, sumMoney } from '@tollgate/shared/money';
import type { Money } from '@tollgate/shared/rate-card/plan';
import type { ExtraStore } from '../ledger/beside.ts';

export interface ExtraCycle {
  /** Epoch milliseconds. */
  from: number;
  /** Where the next cycle in which some were drawn begins; null for the last. */
  next: number | null;
  spent: Microcredits;
  held: Microcredits;
}

/** What was drawn in one cycle, for each currency. */
export interface ExtraFee {
  currency: string;
  credits: Microcredits;
  /** The exact sum. */
  fee: Money;
}

/** Every cycle in which some were drawn or are held, oldest first. */
export async function extraCycles(store: ExtraStore, organization: string): Promise<ExtraCycle[]> {
  const windows = await store.extraWindows(organization);
  return windows.map(({ id, spent, held }, index) => {
    const next = windows[index + 1]?.id;
    return { from: startOf(id), next: next === undefined ? null : startOf(next), spent, held };
  });
}

export async function extraFees(store: ExtraStore, organization: string, { from, next }: ExtraCycle): Promise<ExtraFee[]> {
  const sums = new Map<string, ExtraFee>();
  for (const { fee, spent } of await store.extraDrawn(`extra:${organization}`, from, next ?? Number.MAX_SAFE_INTEGER)) {
    const { currency, perCredit } = fee;
    const before = sums.get(currency);
    const amounts = [{ amount: feeFor(spent, perCredit), currency }, ...(before === undefined ? [] : [before.fee])];
    const [sum = { amount: '0', currency }] = sumMoney(amounts);
    sums.set(currency, { currency, credits: microcredits(spent + (before?.credits ?? 0)), fee: sum });
  }
  return [...sums.values()].filter(({ credits }) => credits > 0);
}

/** `acme` of `extra:acme@1764547200000`. */
export function organizationOfWindow(window: string): string {
  return window.slice('extra:'.length, window.lastIndexOf('@'));
}

function startOf(window: string): number {
  return Number(window.slice(window.lastIndexOf('@') + 1));
}
