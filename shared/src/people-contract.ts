// Organizations, workspaces, users, places and seats, as the gateway's own API takes and shows them.
import { z } from 'zod';
import { credits, cursor, labels, limit, name, time } from './contract.ts';
import { isLocalDate, spelledZone } from './cycle.ts';
import { slug, userId } from './keys-contract.ts';

const version = z.int().describe('What If-Match compares');
const list = { after: cursor, limit };
const next = z.string().nullable().describe('The cursor of the next page');
const spelled = (zone: string): string | undefined => (/^[A-Za-z]/.test(zone) ? spelledZone(zone) : undefined);
const timeZone = z
  .string()
  .max(64)
  .refine((zone) => spelled(zone) === zone, {
    error: ({ input }) => {
      const right = spelled(String(input));
      return right === undefined ? 'an IANA time zone such as Europe/Berlin' : `it is spelled ${right}`;
    },
  })
  .describe('IANA zone of its windows and cycles');
const anchor = z
  .string()
  .refine(isLocalDate, 'a day that there is, such as 2026-01-31')
  .describe('The local date that its subscription began, where cycles by anniversary start; given once');
const extraLimit = credits.nonnegative().describe('The most extra credits in a cycle; 0 is a hard stop');
const seatsMost = z
  .record(slug, z.int().min(0).max(1_000_000))
  .describe(
    'How many seats of a type that has a price or gives credits a manage key may make; `everyone`: users, of a plan without seats',
  );

// ── Organizations ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const organization = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['company', 'person']),
    timeZone: z.string(),
    plan: z.string().nullable(),
    cycle: z
      .strictObject({ every: z.enum(['day', 'week', 'month', 'year']), from: time, until: time })
      .nullable()
      .describe('The one that runs'),
    anchor: z.string().nullable(),
    next: z
      .strictObject({ at: time, plan: z.string().nullable(), timeZone: z.string() })
      .nullable()
      .describe('What takes effect when the present cycle ends'),
    extraLimit: credits,
    extraWord: z.string().nullable().describe('Whose word let extra credits be, without a payment method'),
    seatsMost: z.record(z.string(), z.int()),
    autoPurchase: z.boolean(),
    paymentMethod: z.string().nullable().describe('For people'),
    closedAt: time.nullable(),
    version,
  })
  .meta({ id: 'Organization' });

export const organizationRequest = z
  .strictObject({
    id: slug,
    name: name.optional().describe('The id where it is left out'),
    kind: z.enum(['company', 'person']).default('company'),
    user: userId.optional().describe('Of a person: who it is, with the workspace `personal` of their own'),
    timeZone: timeZone.default('UTC'),
    plan: z.string().optional(),
    anchor: anchor.optional(),
    extraLimit: extraLimit.optional(),
    seatsMost: seatsMost.optional(),
  })
  .refine(({ kind, user }) => (kind === 'person') === (user !== undefined), {
    error: 'an organization of kind person has a user, a company none',
    path: ['user'],
  })
  .meta({ id: 'OrganizationRequest' });

export const organizationChange = z
  .strictObject({
    name: name.optional(),
    timeZone: timeZone.optional().describe('From the end of the present cycle on'),
    plan: z
      .string()
      .nullable()
      .optional()
      .describe('Now where its cycles stay as they are, else from the end of the present one on'),
    anchor: anchor.optional(),
    extraLimit: extraLimit.optional(),
    seatsMost: seatsMost.optional(),
  })
  .meta({ id: 'OrganizationChange' });

export const oneOrganization = z.strictObject({ organization }).meta({ id: 'OneOrganization' });
export const madeOrganization = z.strictObject({ organization, repeated: z.boolean() }).meta({ id: 'MadeOrganization' });
export const listQuery = z.strictObject(list);
export const organizations = z.strictObject({ organizations: z.array(organization), next }).meta({ id: 'Organizations' });

// ── Workspaces ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const workspace = z
  .strictObject({
    organization: z.string(),
    name: z.string(),
    kind: z.enum(['team', 'personal']),
    user: z.string().nullable().describe('Whose it is, where it is personal'),
    labels,
    closedAt: time.nullable(),
    version,
  })
  .meta({ id: 'Workspace' });

export const workspaceRequest = z
  .strictObject({
    name: slug,
    kind: z.enum(['team', 'personal']).default('team'),
    user: userId.optional(),
    labels: labels.default({}),
  })
  .refine(({ kind, user }) => (kind === 'personal') === (user !== undefined), {
    error: 'a personal workspace has a user, a team none',
    path: ['user'],
  })
  .meta({ id: 'WorkspaceRequest' });

export const oneWorkspace = z.strictObject({ workspace }).meta({ id: 'OneWorkspace' });
export const madeWorkspace = z.strictObject({ workspace, repeated: z.boolean() }).meta({ id: 'MadeWorkspace' });
export const workspaces = z.strictObject({ workspaces: z.array(workspace), next }).meta({ id: 'Workspaces' });
export const workspaceChange = z.strictObject({ labels }).meta({ id: 'WorkspaceChange' });

// ── Users and their places ──────────────────────────────────────────────────────────────────────────────────────────────

export const role = z.enum(['owner', 'member', 'viewer']);
const email = z
  .string()
  .max(254)
  .regex(/^[^\s@"<>]+@[^\s@"<>]+\.[^\s@"<>]+$/, 'an address such as ann@example.com');

export const user = z
  .strictObject({
    id: z.string(),
    organization: z.string().describe('Whose people they are'),
    name: z.string(),
    email: z.string().nullable(),
    places: z.array(z.strictObject({ workspace: z.string(), role })).describe('In this organization'),
    seat: z.strictObject({ id: z.string(), type: z.string() }).nullable().describe('In this organization'),
    erasedAt: time.nullable(),
    version,
  })
  .meta({ id: 'User' });

export const userRequest = z
  .strictObject({
    id: userId.optional().describe('Made up where it is left out; it stays for good, so it should not be a name'),
    name,
    email: email.optional().describe('Who they are: it can not be changed, and a lifetime allowance is given to it once'),
    workspace: slug.optional().describe('Where they get a place'),
    role: role.default('member'),
  })
  .meta({ id: 'UserRequest' });

export const userChange = z.strictObject({ name }).meta({ id: 'UserChange' });
export const oneUser = z.strictObject({ user }).meta({ id: 'OneUser' });
export const madeUser = z.strictObject({ user, repeated: z.boolean() }).meta({ id: 'MadeUser' });
export const users = z.strictObject({ users: z.array(user), next }).meta({ id: 'Users' });
export const usersCsv = z.string().min(1, 'a line with the columns name,email,workspace,role,seat, and a line for each user');
export const imported = z
  .strictObject({
    made: z.int().describe('Users that were not there'),
    kept: z.int().describe('Users that were there'),
    users: z.array(z.strictObject({ row: z.int(), id: z.string(), made: z.boolean() })),
  })
  .meta({ id: 'Imported' });
/** A row of an import: empty cells are as if the column were not there. */
export const importRow = z.strictObject({
  name,
  email: email.optional(),
  workspace: slug.optional(),
  role: role.optional(),
  seat: slug.optional(),
});
const note = z.string().optional().describe('Of workspaces that have no owner any more');
export const erased = z.strictObject({ id: z.string(), erasedAt: time, note }).meta({ id: 'Erased' });

export const placeRequest = z.strictObject({ role }).meta({ id: 'PlaceRequest' });
export const place = z
  .strictObject({ organization: z.string(), workspace: z.string(), user: z.string(), role, version })
  .meta({ id: 'Place' });
export const onePlace = z.strictObject({ place }).meta({ id: 'OnePlace' });
export const places = z.strictObject({ places: z.array(place), next }).meta({ id: 'Places' });

// ── Seats ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const seat = z
  .strictObject({
    organization: z.string(),
    id: z.string(),
    type: z.string(),
    user: z.string().nullable().describe('Who sits in it'),
    since: time.describe('When it last changed hands or type'),
    version,
  })
  .meta({ id: 'Seat' });

export const seatRequest = z.strictObject({ id: slug, type: slug, user: userId.optional() }).meta({ id: 'SeatRequest' });
export const seatChange = z
  .strictObject({ type: slug.optional(), user: userId.nullable().optional().describe('Null empties it') })
  .meta({ id: 'SeatChange' });
export const oneSeat = z.strictObject({ seat }).meta({ id: 'OneSeat' });
export const madeSeat = z.strictObject({ seat, repeated: z.boolean() }).meta({ id: 'MadeSeat' });
export const seats = z.strictObject({ seats: z.array(seat), next }).meta({ id: 'Seats' });
export const gone = z.strictObject({ gone: z.string() }).meta({ id: 'Gone' });
export const takenPlace = gone.extend({ note }).meta({ id: 'TakenPlace' });
