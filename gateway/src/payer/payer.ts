// Who pays for a call: the context that a key spends in, with everything of it that a hold depends on, read once and kept for a moment.
import type { Plan, SeatType } from '@tollgate/shared/rate-card/plan';
import type { Key } from '../keys/key.ts';
import type { Cap, Organization, Seat, User, Workspace } from '../people/documents.ts';

/** An organization and a workspace of it (DESIGN section 5), and the person who spends there. */
export interface Payer {
  key: Key;
  organization: Organization;
  workspace: Workspace;
  /** Null for a key of a service. */
  user: User | null;
  /** The seat of the user in this organization; null where they have none. */
  seat: Seat | null;
  /** As the card in force says; undefined where the organization has none. */
  plan: Plan | undefined;
  /** The type of the seat, or the plan's only one; undefined for a payer who sits nowhere. */
  seatType: SeatType | undefined;
  /** Every cap of the organization that could apply; terms.ts picks those of a call. */
  caps: readonly Cap[];
}
