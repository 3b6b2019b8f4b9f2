// The one place where a grant is written: its row and the entry that makes it.
import { ZERO } from '@tollgate/shared/credits';
import { grantDigest } from './digest.ts';
import type { Draft } from './draft.ts';
import { append } from './entry.ts';
import type { Grant } from './rows.ts';

/** What never changes of a grant. */
export type GrantContent = Omit<Grant, 'voidedAt' | 'spent' | 'held' | 'ended'>;

/** The grant is among the account's from now on; whoever calls has seen to it that its id is new. */
export function makeGrant(draft: Draft, content: GrantContent): Grant {
  const row: Grant = { ...content, voidedAt: null, spent: ZERO, held: ZERO, ended: ZERO };
  draft.addGrant(row);
  append(draft, row.account, 'grant', row.amount, { grantId: row.id, note: row.reason, callDigest: grantDigest(row) });
  return row;
}
