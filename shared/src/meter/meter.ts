// A meter reads what a call used out of its answer, while the answer passes. It never changes what the client gets, except that it
// may hide an event that exists only because we asked the upstream to report usage. Another API's meter is one file beside this.
import type { CallEnd, Measurement, Quantities, Scalar } from '../facts.ts';

export interface Meter {
  name: string;
  /** The quantities that it can tell; a rate card that prices another one with this meter does not load. */
  tells: readonly string[];
  /** The tables it can tell by name: `tool_calls` as `{ web_search: 2 }`. */
  tellsByName: readonly string[];
  /**
   * What must be set on the request so that the answer reports usage: `stream_options.include_usage` for OpenAI streams. Only fields
   * that the client left out or switched off are listed. `{}` for other bodies than JSON objects.
   */
  prepare(body: unknown): MeterRequest;
  /** True where the request refers to content that is not in its own bytes (images, file ids, a previous response). */
  refersElsewhere(body: unknown): boolean;
  reader(answer: AnswerFacts, request: MeterRequest): MeterReader;
}

export interface MeterRequest {
  /** Fields to set on the request body, by full name: `{ field: "body.stream_options.include_usage", value: true }`. */
  set: readonly { field: string; value: Scalar }[];
  /** True where the report was not asked for by the client, and so must not reach it. */
  hideReport: boolean;
  /**
   * True where the model may produce output that is billed and not delivered (reasoning): then what was received of a broken stream
   * is no upper count of it, and rule 10's `on_unknown` decides.
   */
  hidesOutput?: boolean;
}

/** The head of an answer. */
export interface AnswerFacts {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  form: AnswerForm;
}

/** By content type: a JSON document, server-sent events, CSV, JSON lines, or bytes that nobody reads. */
export type AnswerForm = 'json' | 'sse' | 'csv' | 'ndjson' | 'bytes';

export interface MeterReader {
  /** The next piece of the decoded body, cut anywhere; for `sse` only what was too long to be read as an event. */
  text(piece: string): void;
  /** The whole text of an answer at once, in place of pieces. */
  document(text: string): void;
  /** One whole server-sent event. `hide` where the client must not get it. */
  event(event: ServerSentEvent): 'show' | 'hide';
  /**
   * What was used so far for certain, for cutting a stream that passes its bound (rule 12): reported or counted, never the upper
   * counts of `received`, which would cut a stream that is within its bound. Cheap: called per piece.
   */
  soFar(): Quantities;
  /** True once the answer told that it failed after a 2xx: an `error` event, a failed response. Then it ended `broken` (rule 13). */
  failed(): boolean;
  /** Call once. Idempotent readers are not needed. */
  end(how: CallEnd['how']): Measurement;
}

export interface ServerSentEvent {
  /** The `event:` field, or undefined. */
  name: string | undefined;
  data: string;
}
