// What the ledger answers. Refusals are values; the code of each is its caller's to turn into words (decision 6).
import type { Microcredits } from '@tollgate/shared/credits';
import type {
  AllowCommand,
  Command,
  ExpireCommand,
  GrantCommand,
  HoldCommand,
  LapseCommand,
  PutCommand,
  ReleaseCommand,
  RenewCommand,
  SettleCommand,
  VoidCommand,
} from './commands.ts';
import type { Call, CallState, Entry, Grant, StoredRecord } from './rows.ts';

export type GrantOutcome =
  | { ok: true; grant: Grant; repeated: boolean }
  /** The same id with other content, or an amount, date or account that can not be. */
  | { ok: false; refusal: 'grant_mismatch'; message: string }
  | {
      ok: false;
      refusal: 'grant_invalid';
      place: 'id' | 'account' | 'amount' | 'priority' | 'effectiveAt' | 'expiresAt' | 'reason';
      message: string;
    };

export type VoidOutcome =
  | { ok: true; grant: Grant; voided: Microcredits }
  | { ok: false; refusal: 'grant_unknown' | 'grant_ended' };

export type HoldOutcome =
  | { ok: true; call: Call; available: Microcredits; caps: readonly CapStanding[] }
  /** Which scope bound: the account side (`cap: null`) or a cap. `available` is what would have fit. */
  | {
      ok: false;
      refusal: 'insufficient_credits';
      scope: { kind: string; id: string; cap: string | null };
      needed: Microcredits;
      available: Microcredits;
      /** From the window or grant that enforces it (decision 7); null where nothing resets. */
      resetsAt: number | null;
    }
  /** The claim's first call: still open, ended (its answer is in the store), or made with other content. */
  | { ok: false; refusal: 'claim_running' | 'claim_done' | 'claim_mismatch'; callId: string }
  /** A call id that was used before. */
  | { ok: false; refusal: 'call_repeated'; callId: string }
  /** The layout of its windows has passed (`terms.until`): lay it out anew and ask again. */
  | { ok: false; refusal: 'terms_passed'; at: number };

export interface CapStanding {
  id: string;
  window: string;
  limit: Microcredits;
  /** Spent and held. */
  used: Microcredits;
  /** What of it is held; told by a standing. */
  held?: Microcredits;
  resetsAt: number | null;
  mode: 'hard' | 'soft' | 'shadow' | 'watch';
}

export type RenewOutcome = { ok: true; renewed: readonly string[]; gone: readonly string[] };

export type EndOutcome =
  | { ok: true; call: Call; repeated: boolean }
  /** It has ended in another way: `state` says how. A settle after a lapse is also listed for reconciling (rule 3). */
  | { ok: false; refusal: 'call_ended'; state: CallState }
  | { ok: false; refusal: 'call_unknown' | 'not_owner' | 'lease_alive' }
  /** Charge above the hold: a bug in the caller; nothing is changed. */
  | { ok: false; refusal: 'charge_above_hold' };

export type ExpireOutcome = { ok: true; expired: Microcredits };

export type CorrectOutcome =
  | { ok: true; entry: Entry; repeated: boolean }
  | { ok: false; refusal: 'insufficient_credits'; available: Microcredits }
  | { ok: false; refusal: 'correction_mismatch' | 'correction_invalid' };

/** `granted` is what was given now; null where nothing was due. */
export type AllowOutcome = { ok: true; grant: Grant | null };

export type PutOutcome =
  | { ok: true; records: readonly StoredRecord[] }
  /** Another version is there than was expected: `version`, 0 where there is none. */
  | { ok: false; refusal: 'record_changed'; kind: string; id: string; version: number }
  /** The other name is another record's. */
  | { ok: false; refusal: 'lookup_taken'; kind: string; id: string; by: string };

export type OutcomeOf<C extends Command> = C extends GrantCommand
  ? GrantOutcome
  : C extends VoidCommand
    ? VoidOutcome
    : C extends HoldCommand
      ? HoldOutcome
      : C extends RenewCommand
        ? RenewOutcome
        : C extends SettleCommand | ReleaseCommand | LapseCommand
          ? EndOutcome
          : C extends ExpireCommand
            ? ExpireOutcome
            : C extends AllowCommand
              ? AllowOutcome
              : C extends PutCommand
                ? PutOutcome
                : CorrectOutcome;

export type Outcome = OutcomeOf<Command>;
