import { cycleAt } from '@tollgate/shared/cycle';
import { ZERO } from '@tollgate/shared/credits';
import type { Every, Plan } from '@tollgate/shared/rate-card/plan';
import { expect, test } from 'vitest';
import { changedPlan, changedZone, localDateOf, organizationAt } from './change-plan.ts';
import type { Organization } from './documents.ts';
import { newOrganization } from './first-organization.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-31T10:00:00Z');
const ACME = newOrganization({ id: 'acme', name: 'Acme', kind: 'company', timeZone: 'Europe/Berlin' });

function plan(name: string, every: Every | undefined, cycle: Plan['cycle'] = 'calendar'): Plan {
  return {
    name,
    every,
    cycle,
    pool: ZERO,
    seats: new Map(),
    draw: ['pool'],
    extra: undefined,
    rollover: undefined,
    price: undefined,
  };
}
const MONTH = plan('month', 'month');
const ANNIVERSARY = plan('anniversary', 'month', 'anniversary');
const YEAR = plan('year', 'year');
const WEEK = plan('week', 'week');
const FREE = plan('free', undefined);
const PLANS: readonly (Plan | null)[] = [MONTH, ANNIVERSARY, YEAR, WEEK, FREE, null];
const ZONES = ['Europe/Berlin', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/New_York'];

test('the first plan counts now; its anchor is the day it begins where none is given', () => {
  expect(changedPlan(ACME, ANNIVERSARY, START)).toMatchObject({
    plan: 'anniversary',
    anchor: '2026-01-31',
    cycle: { every: 'month', anchor: '2026-01-31', zone: 'Europe/Berlin', since: null },
    next: null,
  });
  expect(changedPlan({ ...ACME, anchor: '2026-01-15' }, ANNIVERSARY, START).cycle?.anchor).toBe('2026-01-15');
  expect(changedPlan(ACME, ANNIVERSARY, START, '2025-12-31').cycle?.anchor).toBe('2025-12-31');
});

test('an anchor is for good: leaving for the calendar and coming back finds it', () => {
  const first = changedPlan(ACME, ANNIVERSARY, START);
  const end = cycleAt(first.cycle ?? { every: 'day', anchor: null, zone: 'UTC', since: null }, START).until;
  const left = changedPlan(first, MONTH, START + DAY_MS);
  expect(left).toMatchObject({
    plan: 'month',
    cycle: { anchor: '2026-01-31' },
    next: { at: end, cycle: { anchor: null, since: end } },
  });
  const back = changedPlan(left, ANNIVERSARY, end + 40 * DAY_MS, '2026-03-03');
  expect([back.plan, back.anchor, back.next?.cycle?.anchor]).toEqual(['anniversary', '2026-01-31', '2026-01-31']);
});

test('a plan that comes while another zone is awaited takes the zone along, and its cycle is not forgotten', () => {
  const moving = changedZone(ACME, 'Asia/Tokyo', START);
  expect(moving.next).toMatchObject({ cycle: null, timeZone: 'Asia/Tokyo' });
  const planned = changedPlan(moving, ANNIVERSARY, START);
  const end = Date.parse('2026-02-28T00:00:00+01:00');
  expect(planned).toMatchObject({
    plan: 'anniversary',
    cycle: { zone: 'Europe/Berlin' },
    next: { at: end, plan: 'anniversary', timeZone: 'Asia/Tokyo', cycle: { zone: 'Asia/Tokyo', since: end } },
  });
});

test('the day of a moment is that of the zone', () => {
  const at = Date.parse('2026-12-31T23:30:00Z');
  expect([localDateOf(at, 'UTC'), localDateOf(at, 'Asia/Tokyo'), localDateOf(at, 'America/New_York')]).toEqual([
    '2026-12-31',
    '2027-01-01',
    '2026-12-31',
  ]);
});

test('plans and zones toggled ten thousand times over some years: cycles follow each other without overlap, so that no allowance comes twice', () => {
  let seed = 7;
  const random = (most: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  for (let run = 0; run < 100; run += 1) {
    let organization: Organization = ACME;
    let last = { from: 0, until: 0 };
    let at = START + random(DAY_MS);
    for (let step = 0; step < 100; step += 1) {
      at += random(step % 5 === 0 ? 200 * DAY_MS : 9 * DAY_MS);
      const before = organizationAt(organization, at);
      const { cycle } = before;
      if (cycle !== null) {
        const now = cycleAt(cycle, at);
        if (now.from !== last.from || now.until !== last.until) {
          expect(now.from, `run ${run}, step ${step}, ${new Date(at).toISOString()}`).toBeGreaterThanOrEqual(last.until);
          last = { from: now.from, until: now.until };
        }
      }
      organization =
        random(3) === 0
          ? changedZone(organization, ZONES[random(ZONES.length)] ?? 'UTC', at)
          : changedPlan(organization, PLANS[random(PLANS.length)] ?? null, at);
      // A change now leaves the cycle that runs as it is, and once there was one, there is one for good.
      if (cycle !== null) expect(organization.cycle).toEqual(cycle);
      if (organization.next !== null) expect(organization.next.at).toBeGreaterThan(at);
      if (cycle !== null && organization.next !== null) expect(organization.next.cycle).not.toBeNull();
    }
  }
});
