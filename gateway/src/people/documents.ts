// The people and places of a gateway, as they are kept: the bodies of records, one interface for each kind. The words are the design's
// (section 5). Amounts are microcredits, times epoch milliseconds.
import type { Microcredits } from '@tollgate/shared/credits';
import type { CycleRule } from '@tollgate/shared/cycle';
import type { CapWindowName, Key } from '../keys/key.ts';

/** Who pays: a company or one person. */
export interface Organization {
  id: string;
  name: string;
  kind: 'company' | 'person';
  /** IANA zone of its windows and cycles (rule 20). */
  timeZone: string;
  /** Name in the rate card; null: credits come by hand alone. */
  plan: string | null;
  /** How its cycles run; null while no plan of it had any. Never forgotten again, so that leaving and coming back gives nothing twice. */
  cycle: CycleRule | null;
  /** The local date that its subscription began, `2026-01-31`: where cycles by anniversary start. Given once, never changed. */
  anchor?: string;
  /** What takes effect when the present cycle ends (rule 18); null where nothing is to come. */
  next: { at: number; plan: string | null; cycle: CycleRule | null; timeZone: string } | null;
  /** `limit extra credits`, each cycle: 0 is a hard stop. Above 0 takes a payment method or an operator's word. */
  extraLimit: Microcredits;
  /** Whose word let the extra limit be above 0 without a payment method; null where nobody's. */
  extraWord: string | null;
  /** How many seats of a type that has a price or gives credits a `manage` key may make: the operator's word. Types left out: none. */
  seatsMost?: Readonly<Record<string, number>>;
  /** How many seats of a type with a price were removed, by type: they count among `seatsMost` until the end of their cycle. */
  seatsGone?: { until: number; counts: Readonly<Record<string, number>> };
  /** Bills for extra credits that were declined and are not paid yet: while there are any, a manage key raises no extra limit. */
  owes?: readonly string[];
  autoPurchase: AutoPurchase | null;
  paymentMethod: PaymentMethod | null;
  closedAt: number | null;
}

export interface AutoPurchase {
  /** Name of a package in the rate card. */
  package: string;
  /** Bought when less than this is available in the pool. */
  threshold: Microcredits;
  /** Purchases in a cycle. */
  mostPerCycle: number;
  coolDownMs: number;
  /** Why it stands still, for people; null while it works. */
  paused: { reason: string; at: number } | null;
}

export interface PaymentMethod {
  adapter: 'manual' | 'stripe';
  /** The adapter's own name of it; never a card number. */
  reference: string;
  /** For people: `Visa ending in 4242`. */
  label: string;
  /** When it was saved, so that a late message does not bring back an older one. */
  savedAt?: number;
}

/** Where spending belongs. Its id is `<organization>/<name>`. */
export interface Workspace {
  id: string;
  organization: string;
  name: string;
  kind: 'team' | 'personal';
  /** Whose it is, where it is personal. */
  user: string | null;
  /** Labels that a price may read, as those of a key (rule 16). */
  labels: Readonly<Record<string, string>>;
  closedAt: number | null;
}

/** A person, without a name once erased (FEATURES H13). Kept under `lookup: <organization>/<identity>` until then. */
export interface User {
  id: string;
  /** Whose people they are: who may rename and erase them. Where they have places and seats is written there. */
  organization: string;
  name: string;
  email: string | null;
  /** HMAC of the address in lower case, or of the id where there is none: a lifetime grant is once per identity (rule 18). */
  identity: string;
  erasedAt: number | null;
}

/** A place to sit in an organization. Its id is `<organization>/<seat>`. */
export interface Seat {
  id: string;
  organization: string;
  /** A seat type of the plan: `free`, `pro`, `max`. */
  type: string;
  /** Who sits in it; null while nobody does. A user sits in one seat of an organization. Kept under `lookup: <organization>/<user>`. */
  user: string | null;
  since: number;
  /** Types that it had before, until the end of the cycle: it counts among each of them. */
  had?: { types: readonly string[]; until: number };
}

/** A user in a workspace. Its id is `<workspace>/<user>`. */
export interface Place {
  workspace: string;
  organization: string;
  user: string;
  role: 'owner' | 'member' | 'viewer';
}

/** A code that lets one browser in, until it is claimed or expired. What its key may see is decided by the key that made it, when it is claimed. */
export interface Pairing {
  /** HMAC of the code. */
  id: string;
  organization: string;
  /** Whose browser it is; null for nobody's. */
  user: string | null;
  /** `<organization>/<name>`; null for wherever the user has a place. */
  workspace: string | null;
  /** Id of the key that made it. */
  by: string;
  expiresAt: number;
}

export const CAP_SCOPES = ['key', 'user', 'workspace', 'organization', 'service', 'operation', 'chain'] as const;

/** The most that a scope may spend in a window (FEATURES K2, K4, K8). */
export interface Cap {
  id: string;
  organization: string;
  /** `id: '*'`: each one of its kind on its own. */
  scope: { kind: (typeof CAP_SCOPES)[number]; id: string };
  window: CapWindowName;
  limit: Microcredits;
  mode: 'hard' | 'soft' | 'shadow';
  /** A temporary raise, which ends by itself. */
  raise: { limit: Microcredits; until: number; reason: string } | null;
}

/** A purchase, from the wish to the grant. */
export interface Order {
  id: string;
  organization: string;
  what: 'package' | 'plan' | 'auto' | 'extra';
  /** Name of the package or plan. */
  item: string;
  credits: Microcredits;
  /** As decimal text, with its currency. */
  price: { amount: string; currency: string };
  adapter: PaymentMethod['adapter'];
  state: 'open' | 'paid' | 'declined' | 'ended';
  /** The adapter's own id of the payment; null before it has one. */
  reference: string | null;
  /** Where a person pays; null where nobody has to. */
  url: string | null;
  by: string;
  madeAt: number;
  /** Set as soon as the payment is known; the order is `paid` once its credits are granted too. */
  paidAt: number | null;
  /** Why it was declined; '' otherwise. */
  reason: string;
  /** How many months its credits last, as the package said when it was made; null: for good. */
  months?: number | null;
  /** When its credits expire: decided with `paidAt`, so that every later try grants the same. */
  expiresAt?: number | null;
  /** The saved payment method that it is charged to; null or left out where a person pays. */
  method?: PaymentMethod | null;
  /** How often a checkout was opened for it after its first payment had failed; each is a payment of its own. */
  checkouts?: number;
}

/** A message of the payment account that was acted on, or that belongs to no order: kept, so that it counts once. */
export interface Payment {
  /** `<adapter>:<the adapter's id of the message>`. */
  id: string;
  type: 'paid' | 'declined' | 'ended' | 'method saved';
  /** The adapter's own id of the payment or payment method. */
  reference: string;
  /** As the message names it; null where it is about none. */
  order: string | null;
  /** Why it was not taken for its order; '' where it was. */
  refused: string;
}

/** Where events are sent (FEATURES H4). Its secret is derived and not kept: see live/webhook-secret.ts. */
export interface Webhook {
  id: string;
  organization: string;
  url: string;
  /** Event types; empty: all. */
  types: readonly string[];
  /** Number of the secret in use; the one before it signs along until `rotatedUntil`. */
  secret: number;
  rotatedUntil: number | null;
  /** Why nothing is sent to it; null while it is in use. */
  disabled: string | null;
}

/** The kinds of records, with their bodies. */
export interface Documents {
  organization: Organization;
  workspace: Workspace;
  user: User;
  seat: Seat;
  place: Place;
  /** Under `lookup: hash`. */
  key: Key;
  pairing: Pairing;
  cap: Cap;
  order: Order;
  payment: Payment;
  webhook: Webhook;
}
export type Kind = keyof Documents;
