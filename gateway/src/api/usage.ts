// GET usage: what was charged, added up by day or by reason: from the roll-ups, which are written in the commit of each call's end, so that it
// never disagrees with the ledger. Only of calls that the key may see (promise 7).
import type { z } from 'zod';
import type { usageQuery } from '@tollgate/shared/usage-contract';
import { microcredits, toCredits } from '@tollgate/shared/credits';
import { spelledZone, windowAt } from '@tollgate/shared/cycle';
import { isRefusal, refusal } from '../call/refuse.ts';
import { organizationOf as organizationOfWorkspace } from '../people/ids.ts';
import { iso, keyOf, ok, type Answered, type ApiParts, type Asking } from './route.ts';
import { chargesSeen } from './usage-seen.ts';
import { usageSums } from './usage-sums.ts';

type Query = z.output<typeof usageQuery>;

const DAY_MS = 86_400_000;

/** Where days of the zone can not be told exactly, they are those of UTC, which the answer says. */
export async function readUsage(api: ApiParts, asking: Asking<Query, unknown>): Promise<Answered> {
  const { by, days, context, zone: named } = asking.query;
  const at = api.gate.ledger.now();
  // A day for the zone, which is not known yet, and one for keys, which end by another clock than holds.
  const seen = await chargesSeen(api, asking, { context, since: at - (days + 2) * DAY_MS });
  if (isRefusal(seen)) return seen;
  const wanted = named === undefined ? await zoneOf(api, seen.workspaces[0], keyOf(asking).organization) : spelledZone(named);
  if (wanted === undefined) {
    const message = `query.zone: "${String(named)}" is not a time zone; a name such as Europe/Berlin would be right.`;
    return refusal('input_invalid', message, { field: 'query.zone' });
  }
  const inZone = async (zone: string) => {
    const starts = dayStarts(zone, days, at);
    return { zone, starts, rows: await usageSums(api.store, seen, { by, zone, starts }) };
  };
  const own = await inZone(wanted);
  const { zone, starts, rows = [] } = own.rows === undefined ? await inZone('UTC') : own;
  const [from, until] = [starts[0] ?? 0, starts.at(-1) ?? 0];
  return ok({
    from: iso(from),
    until: iso(until),
    zone,
    rows: rows.map(({ name, charge, calls }) => ({ name, credits: toCredits(charge), calls })),
    total: toCredits(microcredits(rows.reduce((sum, { charge }) => sum + charge, 0))),
  });
}

/** The starts of the last days, today the last of them, and the end of today. */
function dayStarts(zone: string, days: number, at: number): readonly number[] {
  let day = windowAt('day', zone, at);
  const starts = [day.until ?? at, day.from];
  while (starts.length <= days) {
    day = windowAt('day', zone, day.from - 1);
    starts.push(day.from);
  }
  return starts.reverse();
}

async function zoneOf({ directory, config }: ApiParts, workspace: string | undefined, organization: string): Promise<string> {
  const id = workspace === undefined ? organization : organizationOfWorkspace(workspace, organization);
  return (await directory.get('organization', id))?.body.timeZone ?? config.time_zone;
}
