// GET usage: what was charged, added up by day or by reason: from the roll-ups, which are written in the commit of each call's end, so that it
// never disagrees with the ledger. Only of calls that the key may see (promise 7).
import type { z } from 'zod';
import type { usageQuery } from '@tollgate/shared/usage-contract';
import { microcredits, toCredits, ZERO, type Microcredits } from '@tollgate/shared/credits';
import { spelledZone, windowAt } from '@tollgate/shared/cycle';
import { localDate } from '@tollgate/shared/local-date';
import { isRefusal, refusal } from '../call/refuse.ts';
import type { Charges } from '../ledger/beside.ts';
import { organizationOf as organizationOfWorkspace } from '../people/ids.ts';
import { iso, keyOf, ok, type Answered, type ApiParts, type Asking } from './route.ts';
import { chargesSeen } from './usage-seen.ts';

type Query = z.output<typeof usageQuery>;

export async function readUsage(api: ApiParts, asking: Asking<Query, unknown>): Promise<Answered> {
  const { by, days, context, zone: named } = asking.query;
  const seen = await chargesSeen(api, asking, context);
  if (isRefusal(seen)) return seen;
  const wanted = named === undefined ? await zoneOf(api, seen.workspaces[0], keyOf(asking).organization) : spelledZone(named);
  if (wanted === undefined) {
    const message = `query.zone: "${String(named)}" is not a time zone; a name such as Europe/Berlin would be right.`;
    return refusal('input_invalid', message, { field: 'query.zone' });
  }
  const { zone, starts } = wholeHours(wanted, days, api.gate.ledger.now());
  const [from, until] = [starts[0] ?? 0, starts.at(-1) ?? 0];
  const charges = await api.store.charges({ ...seen, from, until, by: by === 'day' ? 'hour' : 'reason' });
  const rows = by === 'day' ? byDay(charges, starts, zone) : byReason(charges);
  return ok({
    from: iso(from),
    until: iso(until),
    zone,
    rows: rows.map(({ name, charge, calls }) => ({ name, credits: toCredits(charge), calls })),
    total: toCredits(sumOf(rows)),
  });
}

interface Sum {
  name: string;
  charge: Microcredits;
  calls: number;
}

/**
 * The starts of the last days and the end of today. Roll-ups know whole hours: a zone whose days do not begin with one is told in days of UTC,
 * and says so, rather than with hours put into the wrong day.
 */
function wholeHours(zone: string, days: number, at: number): { zone: string; starts: readonly number[] } {
  let day = windowAt('day', zone, at);
  const starts = [day.until ?? at, day.from];
  while (starts.length <= days) {
    day = windowAt('day', zone, day.from - 1);
    starts.push(day.from);
  }
  starts.reverse();
  return starts.every((start) => start % HOUR_MS === 0) ? { zone, starts } : wholeHours('UTC', days, at);
}

function byDay(charges: readonly Charges[], starts: readonly number[], zone: string): Sum[] {
  const sums = starts.slice(0, -1).map((start): Sum => ({ name: localDate(zone, start), charge: ZERO, calls: 0 }));
  let day = 0;
  for (const { name: hour, charge, calls } of charges) {
    while (Number(hour) >= (starts[day + 1] ?? Infinity)) day += 1;
    const sum = sums[day];
    if (sum === undefined) continue;
    sum.charge = microcredits(sum.charge + charge);
    sum.calls += calls;
  }
  return sums;
}

function byReason(charges: readonly Charges[]): Sum[] {
  return charges
    .map(({ name, charge, calls }) => ({ name: String(name), charge, calls }))
    .sort((a, b) => b.charge - a.charge || (a.name < b.name ? -1 : 1));
}

function sumOf(rows: readonly Sum[]): Microcredits {
  return microcredits(rows.reduce((sum, { charge }) => sum + charge, 0));
}

async function zoneOf({ directory, config }: ApiParts, workspace: string | undefined, organization: string): Promise<string> {
  const id = workspace === undefined ? organization : organizationOfWorkspace(workspace, organization);
  return (await directory.get('organization', id))?.body.timeZone ?? config.time_zone;
}

const HOUR_MS = 3_600_000;
