// Keys, as the gateway's own API takes and shows them.
import { z } from 'zod';
import { credits, labels, name, time } from './contract.ts';

export const capWindow = z.enum(['hour', 'day', 'week', 'month', 'cycle', 'lifetime']);
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'up to 63 lower-case letters, digits and dashes, not a dash first');
/** What a manage key makes is kept as `<organization>_<id>`. */
export const userId = z
  .string()
  .regex(
    /^([a-z0-9][a-z0-9-]{0,62}_)?[a-z0-9][a-z0-9-]{0,62}$/,
    'up to 63 lower-case letters, digits and dashes, with or without "<organization>_" before',
  );
export const scope = z.enum(['spend', 'view', 'manage', 'operate']);

export const keyCap = z.strictObject({ window: capWindow, limit: credits.nonnegative() }).meta({ id: 'KeyCap' });

const most = z.int().min(1).max(1_000_000).nullable().default(null);
export const keyLimits = z
  .strictObject({
    perMinute: most.describe('Calls in a minute, which begins with the first of them; null: as many as come'),
    concurrent: most.describe('Calls at once; null: as many as come'),
  })
  .meta({ id: 'KeyLimits' });

const sees = z.enum(['self', 'workspace']);

export const key = z
  .strictObject({
    id: z.string(),
    prefix: z.string().describe('Its first characters, to tell it apart'),
    name: z.string(),
    scope,
    organization: z.string(),
    workspace: z.string().describe('Its name, within the organization'),
    contexts: z.array(z.string()).describe('Further workspaces that Credits-Context may pick: <organization>/<workspace>'),
    user: z.string().nullable(),
    service: z.string().nullable().describe("Whose it is where it is no person's"),
    sees: sees.describe('Of a view key: the calls of its user, or of its workspace'),
    limits: keyLimits,
    bypass: z.boolean().describe('Passes caps, which each call notes'),
    labels,
    caps: z.array(keyCap),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
    replaces: z.string().nullable(),
  })
  .meta({ id: 'Key' });

// A rotated key is called after the first of its line, with a number: `web`, `web.2`, `web.3`. So no key is given such a name.
export const keyId = z
  .string()
  .regex(
    /^(?!self$)[a-z0-9][a-z0-9_-]{0,126}$/,
    'up to 63 lower-case letters, digits, "_" and "-", with or without "<organization>_" before',
  );

const context = z
  .string()
  .regex(/^([a-z0-9][a-z0-9-]{0,62}\/)?[a-z0-9][a-z0-9-]{0,62}$/, 'a workspace, or <organization>/<workspace>');

export const keyRequest = z
  .strictObject({
    id: keyId.optional().describe('Chosen by the client, so that a repeat makes no second key; or send Idempotency-Key'),
    scope,
    name: name.default(''),
    workspace: slug.default('main'),
    contexts: z.array(context).max(50).default([]).describe('Further workspaces that it may spend in'),
    user: userId.optional().describe('The user it belongs to, with a place in each of its workspaces'),
    service: name.optional().describe('The service it belongs to, for people'),
    sees: sees.optional().describe('Of a view key; the widest that the role of its user allows where it is left out'),
    limits: keyLimits.prefault({}),
    bypass: z.boolean().default(false).describe('Operate keys alone may give it'),
    labels: labels.default({}),
    caps: z
      .array(keyCap)
      .max(6)
      .refine((caps) => new Set(caps.map(({ window }) => window)).size === caps.length, 'one cap for each window')
      .default([]),
    expiresAt: time.optional(),
  })
  .refine(({ user, service }) => user === undefined || service === undefined, {
    error: "either a user's key or a service's",
    path: ['service'],
  })
  .meta({ id: 'KeyRequest' });

export const keysQuery = z.strictObject({
  user: z.string().optional(),
  workspace: z.string().optional(),
  service: z.string().optional(),
  scope: scope.optional(),
});

export const madeKey = z
  .strictObject({
    key,
    text: z.string().nullable().describe('The key itself. Told once: null where the request is a repeat'),
    repeated: z.boolean(),
  })
  .meta({ id: 'MadeKey' });

export const rotateRequest = z
  .strictObject({
    overlap: z
      .string()
      .regex(/^\d{1,6}(s|m|h|d)$/, 'a time such as 30m, 24h or 7d')
      .default('24h')
      .describe('How long the key that is replaced works on'),
  })
  .meta({ id: 'RotateRequest' });

export const rotatedKey = madeKey.extend({ replaced: key }).meta({ id: 'RotatedKey' });
export const keys = z.strictObject({ keys: z.array(key) }).meta({ id: 'Keys' });
export const oneKey = z.strictObject({ key }).meta({ id: 'OneKey' });
