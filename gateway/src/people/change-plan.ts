// How an organization comes to another plan, or another time zone. What runs is not broken off: cycles of another length, anchor or zone
// begin when the present one ends, so that changing to and fro gives no allowance more often (rule 18).
import { cycleAt, type CycleRule } from '@tollgate/shared/cycle';
import { ZERO } from '@tollgate/shared/credits';
import type { Plan } from '@tollgate/shared/rate-card/plan';
import type { Organization } from './documents.ts';

/**
 * The organization with another plan. Now, where its cycles go on as they run or it has none yet; otherwise from the end of the present
 * cycle on, as `next`.
 * @param plan as the card in force has it; null: none
 * @param at epoch milliseconds, by the ledger's clock
 * @param anchor the local date that the subscription began; counts only where the organization has none yet
 */
export function changedPlan(organization: Organization, plan: Plan | null, at: number, anchor?: string): Organization {
  const now = withAnchor(organizationAt(organization, at), plan, at, anchor);
  const { cycle, next } = now;
  const name = plan?.name ?? null;
  const timeZone = next?.timeZone ?? now.timeZone;
  const started = startingLimit(now, plan);
  const running = cycle ?? ruleOf(now, plan, now.timeZone, null);
  if (running === null) return { ...started, plan: name, next: next && { ...next, plan: name } };
  const end = cycleAt(running, at).until;
  const coming = { at: end, plan: name, cycle: ruleOf(now, plan, timeZone, end) ?? laterRule(running, timeZone, end), timeZone };
  // What was paid for until the end of a cycle stays until then.
  const isNow = cycle === null || plan?.every === cycle.every || (plan?.every === undefined && now.plan === null);
  return settled({ ...started, cycle: running, ...(isNow ? { plan: name } : {}), next: coming });
}

/** The organization with another time zone, from the end of the present cycle on; of the calendar month where it has no cycle. */
export function changedZone(organization: Organization, timeZone: string, at: number): Organization {
  const now = organizationAt(organization, at);
  const { cycle, next, plan } = now;
  const end = cycleAt(cycle ?? { every: 'month', anchor: null, zone: now.timeZone, since: null }, at).until;
  const rule = next?.cycle ?? cycle;
  return settled({
    ...now,
    next: { at: end, plan: next === null ? plan : next.plan, cycle: rule && { ...rule, zone: timeZone, since: end }, timeZone },
  });
}

/** The organization as it is at a moment: what was to come has come. */
export function organizationAt(organization: Organization, at: number): Organization {
  const { next } = organization;
  if (next === null || at < next.at) return organization;
  const { plan, cycle, timeZone } = next;
  return { ...organization, plan, cycle, timeZone, next: null };
}

/** The date of a moment in a zone, `2026-01-31`. */
export function localDateOf(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at);
  const part = (wanted: string): string => parts.find(({ type }) => type === wanted)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

function withAnchor(organization: Organization, plan: Plan | null, at: number, given: string | undefined): Organization {
  const today = plan?.cycle === 'anniversary' ? localDateOf(at, organization.timeZone) : undefined;
  const anchor = organization.anchor ?? given ?? today;
  return anchor === undefined ? organization : { ...organization, anchor };
}

function ruleOf({ anchor }: Organization, plan: Plan | null, zone: string, since: number | null): CycleRule | null {
  if (plan?.every === undefined) return null;
  return { every: plan.every, anchor: plan.cycle === 'anniversary' ? (anchor ?? null) : null, zone, since };
}

/** A cycle is not forgotten with its plan: an organization that comes back finds the one that it had. */
function laterRule(cycle: CycleRule, zone: string, end: number): CycleRule {
  return zone === cycle.zone ? cycle : { ...cycle, zone, since: end };
}

/** What an organization starts with under its first plan: the card's own word for extra credits. */
function startingLimit(organization: Organization, plan: Plan | null): Organization {
  const { extraLimit, plan: before, cycle } = organization;
  const limit = plan?.extra?.limit ?? ZERO;
  if (before !== null || cycle !== null || extraLimit > 0 || limit === 0) return organization;
  return { ...organization, extraLimit: limit, extraWord: `plan ${plan?.name}` };
}

/** Nothing is to come where what would come is what there is. */
function settled(organization: Organization): Organization {
  const { next, plan, cycle, timeZone } = organization;
  if (next === null || next.plan !== plan || next.timeZone !== timeZone) return organization;
  const isSame = next.cycle?.every === cycle?.every && next.cycle?.anchor === cycle?.anchor && next.cycle?.zone === cycle?.zone;
  return isSame ? { ...organization, next: null } : organization;
}
