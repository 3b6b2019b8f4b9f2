// Every message between the worker and the extension's own pages and frames, with its shapes. The worker alone holds keys; none ever crosses
// here. What content scripts send and get is in tag-messages.ts.
import type { balance } from '@tollgate/shared/balance-contract';
import type { calls, receipt } from '@tollgate/shared/contract';
import type { Taggable } from '@tollgate/shared/tags-contract';
import type { TagInputs, TagSchedule } from '@tollgate/shared/rate-card/tag';
import type { Usage } from '@tollgate/shared/usage-contract';
import type { z } from 'zod';
import type { AskReason, TagOrigin } from './tag-messages.ts';

export type Balance = z.output<typeof balance>;
export type Calls = z.output<typeof calls>;
export type Receipt = z.output<typeof receipt>;

// ── What is known of a gateway ──────────────────────────────────────────────────────────────────────────────────────────

/** A paired gateway. Its key is kept apart and is never part of this. */
export interface Pairing {
  /** `<gateway origin> <key id>`: the same gateway can be paired for several people. */
  id: string;
  /** Origin: `https://credits.example.com`. */
  url: string;
  /** What people call it. */
  name: string;
  /** Epoch milliseconds. */
  pairedAt: number;
  keyId: string;
  organization: string;
  user: string | null;
  /** The chosen context, `<organization>/<workspace>`. */
  context: string;
  contexts: readonly { id: string; kind: 'team' | 'personal' }[];
}

/**
 * How new what is shown is. `live`: a stream is open. `recent`: asked within the last minute. `stale`: older, the gateway was not asked
 * since. `offline`: it does not answer. `refused`: it answers, and knows this key no more.
 */
export type Link = 'live' | 'recent' | 'stale' | 'offline' | 'refused';

/** What went wrong, in words for a person: what happened, what was not done, what would help. */
export interface Problem {
  /** A code of the gateway, or `offline`, `not_a_gateway`, `permission_missing`, `storage_full`, `code_unknown`, `input_invalid`. */
  code: string;
  message: string;
}

/** The balance of a pairing in its chosen context, as the gateway told it: nothing here is computed by the browser. */
export interface Standing {
  pairing: Pairing;
  /** Null before the first answer: unknown is not zero. */
  balance: Balance | null;
  /** When the gateway told it, by this machine's clock; epoch milliseconds. */
  asOf: number | null;
  link: Link;
  problem: Problem | null;
  /** Charged today in the viewer's zone; null where it is not known. */
  spentToday: number | null;
}

// ── What a person sets ──────────────────────────────────────────────────────────────────────────────────────────────────

export type Badge = 'off' | 'low' | 'remaining' | 'percent' | 'today';

export interface Settings {
  /** The pairing that toolbar and popup show; null where there is none. */
  shown: string | null;
  badge: Badge;
  /** Below so many per cent of the total, the badge speaks and the odometer takes its colour for low. */
  lowPercent: number;
  notifications: { on: boolean; percents: readonly number[]; snoozedUntil: number | null };
  ask: {
    /** Ask before what can cost more credits than this; null: never for this reason. */
    above: number | null;
    /** Ask before what can cost more than so many per cent of what is left; null: never for this reason. */
    share: number | null;
    /** Ask before allowance ends and pool or extra credits begin to pay. */
    crossing: boolean;
    /** Ask before what would be refused. */
    refused: boolean;
  };
  /** Bubbles on automation pages, by `<origin> <scenario>`; a scenario that is not here shows them. */
  bubbles: Readonly<Record<string, boolean>>;
}

/** A site on which tags are shown: the person said so, and the browser granted its origin. */
export interface Site {
  /** With its port: `https://dune.com`. */
  origin: string;
  since: number;
  /** False where the browser's grant is gone; nothing runs there then. */
  granted: boolean;
}

/** A tag made by pointing, kept on this device. */
export interface OwnTag {
  id: string;
  /** A pattern as in the rate card. */
  on: string;
  selector: string;
  /** The pairing whose rate card prices it. */
  pairing: string;
  operation: string;
  inputs: TagInputs;
  schedule: TagSchedule | null;
  via: 'gateway' | 'none';
  /** What the person calls it. */
  name: string;
  madeAt: number;
}

// ── Cards over tags ───────────────────────────────────────────────────────────────────────────────────────────────────

/** What a card frame shows, read once with the nonce of its address. Amounts are credits; null is unknown. */
export type CardContent =
  | {
      kind: 'price' | 'question';
      title: string;
      origin: TagOrigin;
      via: 'gateway' | 'none';
      exact: boolean;
      low: number | null;
      expected: number | null;
      high: number | null;
      /** The most it can cost: what is held. */
      quote: number | null;
      lines: readonly { arithmetic: string; credits: string }[];
      /** What would be left of `available` after what is expected. */
      leaves: number | null;
      available: number | null;
      pays: readonly { kind: 'individual' | 'pool' | 'extra'; credits: number }[];
      context: string | null;
      gateway: string | null;
      /** Why it would be refused, in the gateway's own words. */
      refusal: string | null;
      ask: AskReason | null;
      schedule: {
        runs: number;
        credits: { low: number; expected: number | null; high: number };
        share: number | null;
        allowance: number | null;
        until: string;
        next: readonly string[];
      } | null;
      /** What the page claims it costs, where nobody else knows. */
      claimed: number | null;
      problem: string | null;
      asOf: number | null;
    }
  | { kind: 'receipt'; receipt: Receipt; below: readonly ChainNode[]; inclusive: number | null }
  | { kind: 'gone'; message: string };

/** A call of a chain with what it cost itself and with all below it. */
export interface ChainNode {
  id: string;
  operation: string;
  labels: Readonly<Record<string, string>>;
  state: 'open' | 'settled' | 'released' | 'lapsed';
  own: number | null;
  inclusive: number | null;
  below: readonly ChainNode[];
}

// ── What pages of the extension ask ─────────────────────────────────────────────────────────────────────────────────────

export type Nothing = Readonly<Record<string, never>>;

/** By name: what is asked with, and what is answered. A problem can take the place of each answer. */
export interface Asks {
  standings: { with: Nothing; answer: { standings: readonly Standing[]; settings: Settings } };
  /** `text`: a pairing link, or the gateway's address with a code behind a space. */
  pair: { with: { text: string; name: string }; answer: { pairing: Pairing } };
  /** Revokes the key at the gateway where that can be reached; `revoked` says whether. */
  unpair: { with: { pairing: string }; answer: { revoked: boolean } };
  choose: { with: { pairing: string; context: string }; answer: { pairing: Pairing } };
  /** Asks the gateway now. */
  refresh: { with: { pairing: string }; answer: Nothing };
  calls: { with: { pairing: string; before: string | null; limit: number }; answer: Calls };
  receipt: { with: { pairing: string; id: string }; answer: Receipt };
  chain: { with: { pairing: string; id: string }; answer: ChainNode };
  usage: { with: { pairing: string; by: 'day' | 'reason'; days: number }; answer: Usage };
  operations: { with: { pairing: string }; answer: { operations: readonly Taggable[]; rateCard: string } };
  /** What a tag of this operation would show with these values, for who is making one. */
  estimate: {
    with: { pairing: string; operation: string; inputs: Readonly<Record<string, string | number | boolean | null>> };
    answer: { text: string; range: string | null; problem: string | null };
  };
  settings: { with: { change: Partial<Settings> }; answer: Settings };
  sites: { with: Nothing; answer: { sites: readonly Site[]; suggested: readonly string[] } };
  /** The page that asks has had the browser grant the origin first, in its click. */
  siteOn: { with: { origin: string }; answer: { site: Site } };
  /** Also gives the grant back. */
  siteOff: { with: { origin: string }; answer: Nothing };
  /** Lets the person point at an element in this tab, whose site is on. */
  point: { with: { tab: number }; answer: Nothing };
  ownTags: { with: Nothing; answer: { tags: readonly OwnTag[] } };
  putOwnTag: { with: { tag: OwnTag }; answer: Nothing };
  removeOwnTag: { with: { id: string }; answer: Nothing };
  /** As a piece of rate card, for the admin. */
  ownTagsAsCard: { with: Nothing; answer: { yaml: string } };
  /** JSON of everything that is kept, without keys. */
  exportAll: { with: Nothing; answer: { json: string } };
  /** Takes own tags, settings from such a JSON; nothing where something in it is wrong. */
  importAll: { with: { json: string }; answer: { tags: number } };
  /** Everything: keys are revoked where their gateways can be reached. */
  erase: { with: Nothing; answer: { revoked: number; kept: number } };
  /** By a card frame alone: once for each nonce, from the tab that it was made for. */
  card: { with: { nonce: string }; answer: CardContent };
  answer: { with: { nonce: string; go: boolean; notToday: boolean }; answer: Nothing };
  sized: { with: { nonce: string; width: number; height: number }; answer: Nothing };
}

export type AskName = keyof Asks;
export type Answer<Name extends AskName> = { ok: true; answer: Asks[Name]['answer'] } | { ok: false; problem: Problem };

/** To pages that connected with the port `view`: at once, and whenever it changes. They answer with `visible` every 20 s. */
export interface ToView {
  type: 'standings';
  standings: readonly Standing[];
  settings: Settings;
}

export const VIEW_PORT = 'view';
