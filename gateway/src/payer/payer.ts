// Who pays for a call: the context that a key spends in, with everything of it that a hold depends on, read once and kept for a moment.
import type { Microcredits } from '@tollgate/shared/credits';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import type { Plan, SeatType } from '@tollgate/shared/rate-card/plan';
import type { Key } from '../keys/key.ts';
import type { Organization, Seat, User, Workspace } from '../people/documents.ts';
import type { OrganizationFacts } from './organizations.ts';

/** An organization and a workspace of it (DESIGN section 5), and the person who spends there. */
export interface Payer extends OrganizationFacts {
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
  /** The same from `organization.next.at` on; null where nothing is to come. */
  later: { plan: Plan | undefined; seatType: SeatType | undefined; seatsAllowance: Microcredits } | null;
  /** The allowances of all who sit in the organization, added up: what is watched where there is no pool. */
  seatsAllowance: Microcredits;
  /** The card that plan and seat type are of. */
  card: RateCard;
}
