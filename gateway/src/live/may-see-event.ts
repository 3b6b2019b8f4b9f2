// Who is told of which event (promise 7). Calls have their own rule, which is that of GET calls.
import { lineOf, type Key } from '../keys/key.ts';
import type { LedgerEvent } from '../ledger/rows.ts';

/** Whoever watches: a key, in one organization; undefined for an operate key that watches all of them. */
export interface Viewer {
  key: Key;
  organization: string | undefined;
}

// What says how much is there and used. Purchases, seats, keys and webhooks are for those who manage them.
const FOR_VIEWERS: ReadonlySet<string> = new Set([
  'alert.crossed',
  'alert.forecast',
  'alert.unusual',
  'cap.changed',
  'cycle.turned',
  'grant.made',
  'grant.voided',
  'plan.changed',
]);

/**
 * `manage` and `operate` keys are told all of their organization. A `view` key is told of credits and caps of its workspace and of the
 * organization as a whole, but not what another person was given. A `spend` key, and a `view` key that sees itself alone, is told what is
 * about the key or its user.
 */
export function maySeeEvent(
  { key, organization }: Viewer,
  event: Pick<LedgerEvent, 'type' | 'organization' | 'workspace' | 'data'>,
): boolean {
  if (organization !== undefined && event.organization !== organization) return false;
  if (key.scope === 'manage' || key.scope === 'operate') return true;
  if (event.organization !== key.organization || !FOR_VIEWERS.has(event.type)) return false;
  const person = personOf(event);
  const isOwn = person === key.user;
  if (key.scope === 'spend' || key.sees === 'self') return isOwn || keyOf(event) === lineOf(key.id);
  return isOwn || (person === undefined && (event.workspace ?? key.workspace) === key.workspace);
}

/** Whose account or allowance it is about, where that is one person's. */
function personOf({ data }: Pick<LedgerEvent, 'data'>): string | undefined {
  // Windows of before allowances were watched by account are called `watch:<organization>/<user>@<start>`.
  const match = /^(?:watch:user|user|watch):[^:/@]+\/([^/@]+)/.exec(textOf(data['account'] ?? data['window']));
  return match?.[1];
}

/** The line of the key whose cap it is about: windows of keys' own caps are called `key:<line>:<window>@<start>`. */
function keyOf({ data }: Pick<LedgerEvent, 'data'>): string | undefined {
  return /^key:([^:@]+):/.exec(textOf(data['window']))?.[1];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
