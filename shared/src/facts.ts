// What pricing knows of a call. Quantities are the facts, credits are derived (decision 5): everything here is stored with
// the call, so that its charge can be computed again from these facts and the rate card alone.

export type Scalar = string | number | boolean;

/** What a call asks for, as far as a price may read it; all of it is known before the call is forwarded. */
export interface RequestFacts {
  method: string;
  /** The path below the service, byte for byte as it is forwarded, without the query: `/v1/chat/completions`. */
  path: string;
  /** In order and with repeats: a priced field given twice is refused, not merged. */
  query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case. A header that came twice is an array. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  body: RequestBody;
  /** Labels fixed on the key or the workspace: the only ones a price may read (rule 16). */
  labels: Readonly<Record<string, string>>;
  /** The payer's plan, for prices by plan; null where it has none. It is stored among the inputs as `plan`. */
  plan: string | null;
}

export type RequestBody =
  | { kind: 'none' }
  /** Read whole: `text` is what is forwarded (before edits), `bytes` its length. */
  | { kind: 'json'; text: string; value: unknown; bytes: number }
  /** Passed through unread; `bytes` from Content-Length where there is one. */
  | { kind: 'unread'; bytes: number | undefined };

/** One measured quantity: a number ≥ 0 with at most nine decimals, or numbers by name (`{ web_search: 2, files: 1 }`). */
export type Quantity = number | Readonly<Record<string, number>>;
export type Quantities = Readonly<Record<string, Quantity>>;

/** What a meter read from an answer. */
export interface Measurement {
  /** What the upstream reported or we counted exactly. A name that is absent is missing, never zero (promise 3). */
  quantities: Quantities;
  /** Upper counts of what was received, for the quantities of a stream that ended without a report (rule 10). */
  received: Quantities;
  /** Reports that make no sense (negative, text, NaN, given twice with different values); their quantity counts as missing. */
  problems: readonly { quantity: string; found: string }[];
}

/** How a call ended, as far as its charge depends on it. */
export interface CallEnd {
  /** The upstream's status; `undefined` where none came. */
  status: number | undefined;
  /**
   * `complete`: the answer came whole. `cut`: we cut it (rule 12, or rule 9 past its limits). `broken`: the upstream broke off or
   * sent an error event after a 200. `unknown`: nobody saw the end (timeout after sending, gateway found dead).
   */
  how: 'complete' | 'cut' | 'broken' | 'unknown';
}

/** Everything a charge is computed from, beside the rate card: stored with each settled call. */
export interface CallFacts {
  /** The priced fields as the request gave them, by their full name: `{ "body.model": "gpt-4o", "label.agent": "sidekick" }`. */
  inputs: Readonly<Record<string, Scalar | null>>;
  /** The most of each bounded quantity, as quoted. */
  bounds: Readonly<Record<string, number>>;
  measurement: Measurement;
  end: CallEnd;
}
