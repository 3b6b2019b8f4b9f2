// What a payer has at a moment, as a hold of nothing would find it: expiries and allowances that are due are applied, though nothing is
// written (decision 7, rule 19).
import { microcredits, ZERO } from '@tollgate/shared/credits';
import { availableAcross, earliest } from './available.ts';
import { availableIn, hasEnded, isLive } from './burn-order.ts';
import { standingsOf } from './caps.ts';
import type { ExtraTerms, HoldCommand } from './commands.ts';
import { Draft } from './draft.ts';
import { extraWindowId } from './extra-window.ts';
import { extraLeft } from './extra.ts';
import type { Standing, State } from './ledger.ts';
import { bringUpToDate } from './room.ts';

/** Whose standing is asked for. */
export type Asked = Pick<HoldCommand, 'sources'> & Partial<Pick<HoldCommand, 'caps' | 'terms'>>;

export function standingOf(state: State, asked: Asked, at: number): Standing {
  const draft = new Draft(state, at);
  const { sources, caps = [], terms } = asked;
  bringUpToDate(draft, { sources, terms });
  const rows = sources.map((account) => {
    const grants = draft.grants(account).filter((grant) => isLive(grant) && !hasEnded(grant, at));
    return { account, available: availableIn(grants, at), held: draft.account(account).held, grants };
  });
  const grants = rows.flatMap((row) => row.grants);
  return {
    available: availableAcross(draft, sources, at),
    held: microcredits(rows.reduce((sum, { held }) => sum + held, 0)),
    sources: rows,
    caps: standingsOf(draft, caps),
    extra: extraOf(draft, terms?.extra ?? null),
    nextExpiryAt: earliest(grants, 'expiresAt'),
  };
}

function extraOf(draft: Draft, extra: ExtraTerms | null): Standing['extra'] {
  if (extra === null) return null;
  const { spent, held } = draft.window(extraWindowId(extra));
  return { limit: extra.limit, spent, held, left: extraLeft(draft, extra) };
}

/** The hold of nothing that touches the rows of a standing. */
export function holdOfNothing({ sources, caps = [], terms }: Asked): HoldCommand {
  return {
    type: 'hold',
    callId: '',
    amount: ZERO,
    sources,
    caps,
    terms,
    owner: '',
    leaseMs: 1,
    claim: null,
    about: { workspace: '', key: '', service: '', operation: '', reason: '', cardVersion: '', more: {} },
    onLapse: { charge: ZERO, free: ZERO, absorbed: ZERO, ended: {} },
  };
}
