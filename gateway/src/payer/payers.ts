// Who pays for the calls of a key: its contexts, read from the directory and kept for a moment, and forgotten at once when a record of people or
// places changes, so that a place that was taken away pays for nothing more.
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { LRUCache } from 'lru-cache';
import type { Key } from '../keys/key.ts';
import type { Changes } from '../ledger/ledger.ts';
import { refusal, type Refusal } from '../call/refuse.ts';
import type { Directory } from '../people/directory.ts';
import type { Cap, Workspace } from '../people/documents.ts';
import { newWorkspace } from '../people/first-organization.ts';
import { workspaceId } from '../people/ids.ts';
import { openContext, type Context } from './context.ts';
import { openOrganizations, type Organizations } from './organizations.ts';
import type { Payer } from './payer.ts';
import { underCard } from './under-card.ts';

export interface Payers {
  /**
   * The payer of a key in one of its contexts.
   * @param context as `Credits-Context` says it: a full id, or a name in the key's own organization; undefined: the key's own workspace
   * @returns 403 `scope_insufficient` where the key may not spend there (any more), 503 `ledger_unavailable` where nobody can tell
   */
  of(key: Key, context: string | undefined): Payer | Refusal | Promise<Payer | Refusal>;
  /** An organization as a whole, as its managers see it: its pool, and the caps that are nobody's own. Undefined where there is none. */
  ofOrganization(key: Key, organization: string): Promise<Payer | undefined>;
  /** Where the key may spend now. */
  contextsOf(key: Key): Promise<readonly Workspace[]>;
  /** The same payer by the card in force now: a card that changed may say other things of a plan. */
  underCurrent(payer: Payer): Payer;
  organizations: Organizations;
  /** Called after each commit. */
  committed(changes: Pick<Changes, 'records'>): void;
}

// As `identify` keeps keys: a busy gateway's own, and no older than a second where another process writes the same store.
const KEPT_MOST = 20_000;
const KEPT_MS = 1_000;

interface Kept {
  found: Context | Refusal | undefined;
  payer: Payer | undefined;
  finding: Promise<Context | Refusal>;
}

/** @param first id of the gateway's first organization, whose keys without a user take no place */
export function createPayers(directory: Directory, card: () => RateCard, first: string): Payers {
  const known = new LRUCache<string, Kept>({ max: KEPT_MOST, ttl: KEPT_MS });
  const organizations = openOrganizations(directory);

  function of(key: Key, context: string | undefined): Payer | Refusal | Promise<Payer | Refusal> {
    const workspace = chosen(key, context);
    if (typeof workspace !== 'string') return workspace;
    const id = `${key.id} ${workspace}`;
    const kept = known.get(id) ?? find(id, key, workspace);
    if (kept.found !== undefined) return payerOf(kept, kept.found, key);
    return kept.finding.then((found) => payerOf(kept, found, key), unavailable);
  }

  function find(id: string, key: Key, workspace: string): Kept {
    const kept: Kept = {
      found: undefined,
      payer: undefined,
      finding: openContext(directory, organizations, key, workspace, { first, card: card() }),
    };
    known.set(id, kept);
    // What is forgotten meanwhile is answered to those who wait for it, and to nobody after them.
    kept.finding.then(
      (found) => (kept.found = found),
      () => known.delete(id),
    );
    return kept;
  }

  function payerOf(kept: Kept, found: Context | Refusal, key: Key): Payer | Refusal {
    if ('refused' in found) return found;
    const current = card();
    if (kept.payer?.card !== current || kept.payer.key !== key) kept.payer = underCard({ ...found, key }, current);
    return kept.payer;
  }

  return {
    of,
    async ofOrganization(key, organization) {
      const kept = await directory.get('organization', organization);
      if (kept === undefined) return undefined;
      const facts = await organizations.factsOf(organization);
      const caps = facts.caps.filter(({ scope }) => SHARED_SCOPES.has(scope.kind));
      const whole = { organization: kept.body, workspace: newWorkspace(organization, ''), user: null, seat: null };
      return underCard({ ...whole, ...facts, caps, key: { ...key, caps: [] } }, card());
    },
    async contextsOf(key) {
      const found = await Promise.all([key.workspace, ...key.contexts].map(async (context) => of(key, context)));
      return found.flatMap((payer) => ('refused' in payer ? [] : [payer.workspace]));
    },
    underCurrent: (payer) => (payer.card === card() ? payer : underCard(payer, card())),
    organizations,
    committed({ records }) {
      if (records.length === 0) return;
      known.clear();
      organizations.committed(records);
    },
  };
}

const SHARED_SCOPES: ReadonlySet<string> = new Set(['organization', 'service', 'operation'] satisfies Cap['scope']['kind'][]);

/** The workspace that is asked for, if the key may spend there by its own word. What it may spend in is its own to know. */
function chosen(key: Key, context: string | undefined): string | Refusal {
  if (context === undefined) return key.workspace;
  const asked = context.includes('/') ? context : workspaceId(key.organization, context);
  const mine = [key.workspace, ...key.contexts];
  if (mine.includes(asked)) return asked;
  const message = `This key can not spend in "${context}". It may spend in: ${mine.join(', ')}. Nothing was forwarded.`;
  return {
    ...refusal('scope_insufficient', message, { field: 'header.credits-context' }),
    more: { field: 'header.credits-context', known: mine },
  };
}

function unavailable(): Refusal {
  return refusal('ledger_unavailable', 'Who pays can not be looked up right now. Nothing was forwarded.');
}
