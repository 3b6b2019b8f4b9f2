// POST users/import: many users from CSV. Every row is looked at before anything is written, and all of them are written at once or none is.
import { randomBytes } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type { SeatType } from '@tollgate/shared/rate-card/plan';
import type { z } from 'zod';
import { importRow } from '@tollgate/shared/people-contract';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { PutCommand } from '../ledger/commands.ts';
import type { Audit } from '../ledger/rows.ts';
import type { Place, Seat } from '../people/documents.ts';
import { MAIN } from '../people/first-organization.ts';
import { nameOf } from '../people/ids.ts';
import { attempt, auditOf, type Change } from './change.ts';
import { describeIssue } from './describe-issue.ts';
import { openCompany } from './open-organization.ts';
import { isAnew } from './given-up-seats.ts';
import { everyOf } from './page.ts';
import { isOperator, made, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { allowedSeat, allowedUsers, seatTypesOf } from './seat-types.ts';
import { putSeat, seatEvent, subjectOf as seatSubject } from './seats.ts';
import { knownAs, newPlace, newUser, newUserId, placeId, putPlace, putUser, subjectOf } from './users.ts';

const COLUMNS = ['name', 'email', 'workspace', 'role', 'seat'] as const;

// All of them are one commit, which calls wait for.
const ROWS_MOST = 2_000;

interface Row extends z.output<typeof importRow> {
  /** The line that it ends on; the names of the columns stand on the first. */
  line: number;
}

/** Who is known by their address is kept as they are, and gets the place and the seat that they do not have: a repeat changes nothing. */
export async function importUsers(api: ApiParts, asking: Asking<unknown, string>): Promise<Answered> {
  const rows = readRows(asking.body);
  if (isRefusal(rows)) return rows;
  return attempt(api, () => layOut(api, asking, rows));
}

function readRows(text: string): readonly Row[] | Refusal {
  let read: { record: Record<string, string>; info: { lines: number } }[];
  try {
    read = parse(text, {
      columns: checkColumns,
      info: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
    }) as unknown as typeof read;
  } catch (error) {
    if (isRefusal(error)) return error;
    const { lines } = error as { lines?: number };
    return wrong(`row.${lines ?? 1}`, error instanceof Error ? error.message : 'it can not be read');
  }
  if (read.length > ROWS_MOST)
    return wrong('body', `there are ${read.length} rows, and ${ROWS_MOST} at most come at once; the rest in another file`);
  const rows: Row[] = [];
  const lines = new Map<string, number>();
  for (const { record, info } of read) {
    const line = info.lines;
    const given = Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== ''));
    const parsed = importRow.safeParse(given, { reportInput: true });
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const column = String(issue?.path[0] ?? '');
      return wrong(`row.${line}.${column}`, describeIssue(issue));
    }
    const { email } = parsed.data;
    if (email === undefined)
      return wrong(`row.${line}.email`, 'it is missing: it says who they are, so that a repeat makes nobody twice');
    const earlier = lines.get(email.toLowerCase());
    if (earlier !== undefined) return wrong(`row.${line}.email`, `the same address stands in row ${earlier}`);
    lines.set(email.toLowerCase(), line);
    rows.push({ ...parsed.data, line });
  }
  return rows.length > 0 ? rows : wrong('body', `there are no rows below the columns ${COLUMNS.join(',')}`);
}

function checkColumns(names: string[]): string[] {
  const columns = names.map((name) => name.trim().toLowerCase());
  const known: readonly string[] = COLUMNS;
  const odd = columns.find((name, index) => !known.includes(name) || columns.indexOf(name) !== index);
  if (odd !== undefined) throw wrong(`row.1.${odd}`, `the columns are ${COLUMNS.join(',')}, each once; found "${odd}"`);
  const missing = ['name', 'email'].find((name) => !columns.includes(name));
  if (missing !== undefined)
    throw wrong(`row.1.${missing}`, `the column is missing; the first line names the columns: ${COLUMNS.join(',')}`);
  return columns;
}

async function layOut(api: ApiParts, asking: Asking<unknown, string>, rows: readonly Row[]): Promise<Change | Answered> {
  const organization = organizationOf(api, asking);
  const company = await openCompany(api, organization);
  if (isRefusal(company)) return company;
  const puts: PutCommand['puts'][number][] = [];
  const audits: Audit[] = [];
  const events: PutCommand['events'][number][] = [];
  const users: { row: number; id: string; made: boolean }[] = [];
  const at = api.gate.ledger.now();
  // One that gives each person something once is made anew, so that it is counted.
  const types = isOperator(asking) ? new Map<string, SeatType>() : seatTypesOf(api, company.body);
  const free = await everyOf(api.directory, 'seat', { organization }, ({ id }) => id).then((all) =>
    all.filter((kept) => kept.body.user === null && !isAnew(kept, { ...kept.body, user: '' }, types.get(kept.body.type), at)),
  );
  const newSeats = new Map<string, Row[]>();
  for (const row of rows) {
    const user = newUser(api, { id: newUserId(), organization, name: row.name, email: row.email ?? null });
    const known = await knownAs(api, user);
    const id = known?.body.id ?? user.id;
    users.push({ row: row.line, id, made: known === undefined });
    const place = await placeFor(api, organization, row, id);
    if (place !== undefined && isRefusal(place)) return place;
    const sits = known === undefined ? undefined : await api.directory.byLookup('seat', `${organization}/${id}`);
    if (sits !== undefined && row.seat !== undefined && sits.body.type !== row.seat) {
      return wrong(
        `row.${row.line}.seat`,
        `they sit in ${nameOf(sits.body.id)}, of type ${sits.body.type}; change it with PATCH seats`,
      );
    }
    if (known === undefined) {
      puts.push(putUser(user, 0));
      audits.push(auditOf(asking, organization, 'user.make', subjectOf(user), { after: { organization, place: place ?? null } }));
    }
    if (place !== undefined) {
      puts.push(putPlace(place));
      if (known !== undefined)
        audits.push(auditOf(asking, organization, 'place.put', { kind: 'place', id: placeId(place) }, { after: place }));
    }
    if (row.seat === undefined || sits !== undefined) continue;
    const index = free.findIndex(({ body }) => body.type === row.seat);
    const [found] = index < 0 ? [] : free.splice(index, 1);
    if (found === undefined) newSeats.set(row.seat, [...(newSeats.get(row.seat) ?? []), row]);
    const seat: Seat = {
      ...(found?.body ?? { id: `${organization}/s-${randomBytes(6).toString('hex')}`, organization, type: row.seat }),
      user: id,
      since: api.gate.ledger.now(),
    };
    puts.push(putSeat(seat, found?.version ?? 0));
    const how = found === undefined ? 'seat.make' : 'seat.change';
    audits.push(auditOf(asking, organization, how, seatSubject(seat), { before: found?.body ?? null, after: seat }));
    events.push(seatEvent(seat, (found?.version ?? 0) + 1));
  }
  const locks = await allowSeats(api, asking, organization, newSeats);
  if (isRefusal(locks)) return locks;
  const madeUsers = users.filter((user) => user.made).length;
  const allowed = madeUsers === 0 ? [] : await allowedUsers(api, asking, company, madeUsers);
  if (isRefusal(allowed)) return allowed;
  const body = { made: madeUsers, kept: users.length - madeUsers, users };
  return puts.length === 0
    ? ok(body)
    : { puts: [...puts, ...(locks.length > 0 ? locks : allowed)], audits, events, answer: () => made(body, madeUsers === 0) };
}

/** The place that a row asks for, where they do not have it. */
async function placeFor(api: ApiParts, organization: string, row: Row, user: string): Promise<Place | Refusal | undefined> {
  const wanted = await newPlace(api, organization, row.workspace ?? MAIN, user, row.role ?? 'member');
  if (isRefusal(wanted)) return { ...wanted, ...atRow(wanted, row, 'workspace') };
  const there = await api.directory.get('place', placeId(wanted));
  const isThere = there !== undefined && (row.role === undefined || there.body.role === row.role);
  return isThere ? undefined : wanted;
}

async function allowSeats(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  organization: string,
  wanted: ReadonlyMap<string, readonly Row[]>,
): Promise<PutCommand['puts'] | Refusal> {
  const locks = new Map<string, PutCommand['puts'][number]>();
  for (const [type, rows] of wanted) {
    const allowed = await allowedSeat(api, asking, organization, type, { more: rows.length });
    // The last of them is too many, whichever others are.
    const row = rows.at(-1);
    if (isRefusal(allowed)) return row === undefined ? allowed : { ...allowed, ...atRow(allowed, row, 'seat') };
    for (const lock of allowed) locks.set(lock.id, lock);
  }
  return [...locks.values()];
}

/** The same refusal, with the place in the file. */
function atRow({ message, more }: Refusal, { line }: Row, column: string): Pick<Refusal, 'message' | 'more'> {
  const field = `row.${line}.${column}`;
  return { message: message.replace(/^body\.\w+/, field), more: { ...more, field } };
}

function wrong(field: string, why: string): Refusal {
  return refusal('input_invalid', `${field}: ${why}.`, { field });
}
