// A key is a credential with one scope. Only an HMAC of it is stored, so that neither a stolen database nor a log can spend.
import { createHmac, randomBytes } from 'node:crypto';
import type { Microcredits } from '@tollgate/shared/credits';

export const SCOPES = ['spend', 'view', 'manage', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

export const CAP_WINDOWS = ['hour', 'day', 'week', 'month', 'cycle', 'lifetime'] as const;
export type CapWindowName = (typeof CAP_WINDOWS)[number];

/** The most that a key may spend in a window. */
export interface KeyCap {
  window: CapWindowName;
  limit: Microcredits;
}

/** How fast a key may call, apart from credits (FEATURES H11). */
export interface KeyLimits {
  /** Calls in a minute, which begins with the first of them; null: as many as come. */
  perMinute: number | null;
  /** Calls at once. */
  concurrent: number | null;
}

export interface Key {
  id: string;
  /** HMAC-SHA256 of the key under the gateway's secret, hex. Useless as a key itself. */
  hash: string;
  /** The first characters, for people to tell keys apart: `tg_spend_3fA9…`. */
  prefix: string;
  name: string;
  scope: Scope;
  organization: string;
  /** Where it spends unless `Credits-Context` picks another of its contexts: `<organization>/<name>`. */
  workspace: string;
  /** Further workspaces that it may spend in, also of other organizations of its user. */
  contexts: readonly string[];
  /** The person it belongs to; null for a service's. */
  user: string | null;
  /** The service it belongs to, for people; null for a person's. */
  service: string | null;
  limits: KeyLimits;
  /** Passes caps, which is noted with each call (`skipped_quota_enforcement`); credits must be there all the same. */
  bypass: boolean;
  /** Labels fixed on the key: the only ones that a price may read (rule 16). */
  labels: Readonly<Record<string, string>>;
  caps: readonly KeyCap[];
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  /** What a `view` key sees: the calls of its user, or of its workspace; undefined: of its workspace. */
  sees?: 'self' | 'workspace';
  /** The scope of the key that made it: one that an operate key made may make manage keys. Undefined for those from before. */
  madeBy?: Scope;
  /** A browser's own, by pairing. It lets no further browser in: what was stolen would outlive its revocation. */
  paired?: true;
  /** The key that this one took over from, by rotation; null for a new one. */
  replaces: string | null;
}

/** Whether it counts now. `at`: epoch milliseconds. */
export function isAlive({ revokedAt, expiresAt }: Pick<Key, 'revokedAt' | 'expiresAt'>, at: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > at);
}

/** What a presented key looks like. Anything else is refused before it is looked up. */
const KEY_SHAPE = /^tg_(spend|view|manage|operate)_[A-Za-z0-9_-]{32}$/;

/** A new key's text: 192 random bits, so that an HMAC without a slow hash is enough. */
export function newKeyText(scope: Scope): string {
  return `tg_${scope}_${randomBytes(24).toString('base64url')}`;
}

export function looksLikeKey(text: string): boolean {
  return KEY_SHAPE.test(text);
}

/** The prefix shown in lists: scope and four characters. */
export function prefixOf(text: string): string {
  // From its end: the random part may begin with the sign that comes before it.
  return text.slice(0, text.length - 32 + 4);
}

export function hashKey(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** The first key of a line: rotation makes `web.2` of `web`, and `web.3` of that. */
export function lineOf(id: string): string {
  return id.split('.', 1)[0] as string;
}

/** What the key that replaces this one is called. */
export function nextOfLine(id: string): string {
  const number = /\.(\d+)$/.exec(id)?.[1] ?? '1';
  return `${lineOf(id)}.${Number(number) + 1}`;
}
