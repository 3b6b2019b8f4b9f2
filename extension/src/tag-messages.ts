// Every message between the worker and a content script, with its shapes: few words, because what runs beside a page is not trusted with
// more than that page's tags. No key ever crosses here, and of a balance only what a tag says in words.
import type { TagInputs, TagSchedule } from '@tollgate/shared/rate-card/tag';

export const TAGS_PORT = 'tags';

/** Own tags before those of the rate card before what a page says of itself. */
export type TagOrigin = 'own' | 'card' | 'page';

export interface TagRuleHere {
  id: string;
  origin: TagOrigin;
  via: 'gateway' | 'none';
  selector: string;
  parts: readonly { operation: string; inputs: TagInputs; forEach: string | null }[];
  schedule: TagSchedule | null;
}

/** What a content script read for one element. `key` is its own, stable while the element lives. */
export interface TagAsked {
  key: string;
  rule: string;
  origin: TagOrigin;
  via: 'gateway' | 'none';
  parts: readonly { operation: string; inputs: Readonly<Record<string, string | number | boolean | null>> }[];
  schedule: { cron: string; zone: string | null } | { every: string } | null;
  /** What the page itself says it costs, where it says so: shown as its claim, and only where no gateway knows. */
  claimed: number | null;
}

/** Why a person is asked before they act. */
export type AskReason = 'above' | 'share' | 'crossing' | 'refused';

/** A tag as it is drawn: texts are ready, so that the page's script needs no words and no numbers. */
export interface TagShown {
  key: string;
  /** `12`, `≈ 12`, `–`; of a schedule what a cycle costs. */
  text: string;
  /** `9–40` where it is not exact. */
  range: string | null;
  /** For people who listen: "Run: about 12 credits, leaves 488, Ada's own credits pay". */
  spoken: string;
  /** A dot where others pay (pool) or money starts (extra). */
  dot: 'pool' | 'extra' | null;
  tone: 'plain' | 'hint' | 'low' | 'refused' | 'unknown';
  /** Set where the person wants to be asked before it. Never for `via: none`. */
  ask: AskReason | null;
}

/** After a click: what it did cost, confirmed by the paired gateway. */
export interface TagCost {
  key: string;
  callId: string;
  /** `−12.4`; `…` while it runs. */
  text: string;
  spoken: string;
  done: boolean;
}

/** From a content script, on the port `tags`. Everything in it may be a lie of the page. */
export type FromTags =
  /** Sent every 20 s while the page is visible: it keeps the worker awake, and so the stream open. */
  | { type: 'visible' }
  | { type: 'hidden' }
  /** All tags of this frame that changed since the last message; `gone` are there no more. */
  | { type: 'tags'; tags: readonly TagAsked[]; gone: readonly string[] }
  /** A person acted (a real click) on a tag; `at` is the frame's own monotonic clock. */
  | { type: 'acted'; key: string; at: number }
  /** The page's traffic named a call, by Server-Timing; `startedAt` by the same clock. */
  | { type: 'called'; callId: string; startedAt: number }
  /** Calls that the page names with data-credits-call. */
  | { type: 'costs'; callIds: readonly string[] }
  /** Modules that the page names, of one run of one scenario; run is null for the newest. */
  | { type: 'modules'; scenario: string; run: string | null; modules: readonly string[] }
  | { type: 'bubbles'; scenario: string; on: boolean }
  /** Opens the card of a tag (or of a call's cost), or the question before it. The answer is `frame`. */
  | { type: 'card'; key: string; what: 'price' | 'question' | 'receipt'; callId?: string };

/** To a content script, on the same port. */
export type ToTags =
  /** What to look for here. Sent after connecting, and again when it changes. */
  | { type: 'rules'; rules: readonly TagRuleHere[]; bubbles: Readonly<Record<string, boolean>>; locale: string }
  | { type: 'shown'; tags: readonly TagShown[] }
  | { type: 'cost'; cost: TagCost }
  /** Of calls that the page named; only what the gateway confirmed. */
  | { type: 'costs'; costs: readonly { callId: string; text: string; spoken: string }[] }
  | { type: 'bubbles'; scenario: string; modules: Readonly<Record<string, { text: string; spoken: string }>> }
  /** The address of the frame to show for a `card`; it is good once. */
  | { type: 'frame'; key: string; what: 'price' | 'question' | 'receipt'; url: string }
  /** A person answered a question, in the extension's own frame. */
  | { type: 'answered'; key: string; go: boolean }
  /** The frame's content has this size, in CSS pixels. */
  | { type: 'sized'; key: string; width: number; height: number }
  /** The site was switched off: everything goes, without a trace. */
  | { type: 'off' };
