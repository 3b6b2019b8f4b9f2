// Splits a stream into whole raw events, so that each can be forwarded byte for byte, or hidden whole. The field rules of the format
// are the library's; where an event ends is found here, because the library does not keep the raw text.
import { createParser } from 'eventsource-parser';
import type { ServerSentEvent } from './meter.ts';

export interface RawEvent {
  /** Exactly what came, with its blank line; joined, all of them are the stream. */
  raw: string;
  /** Undefined for comments, blank lines, an event without data, and text that was too long to be read. */
  event: ServerSentEvent | undefined;
  /** True for a part of an event that is past the limit: it is forwarded in parts and must be counted as text. */
  overlong: boolean;
}

export interface EventSplitter {
  /**
   * The next piece, cut anywhere; a byte order mark may be left in it. Gives what became whole by it. The stream may be decoded as
   * UTF-8, or as Latin-1 where the raw text must become the same bytes again; then `data` has to be decoded once more.
   */
  push(piece: string): readonly RawEvent[];
  /**
   * What is left at the end. No blank line came after it, so no client dispatches it; its event is given where its last line ended,
   * because a report in it was still made.
   */
  end(): readonly RawEvent[];
}

/** An event longer than this many characters is passed on in parts, unread, so that no stream fills the memory. */
export const EVENT_MOST_CHARS = 1_048_576;

export function splitEvents({ mostChars = EVENT_MOST_CHARS } = {}): EventSplitter {
  const read = createEventRead();
  const line = createLineEnds();
  let held = '';
  let overlong = false;

  function block(raw: string): RawEvent {
    return overlong ? { raw, event: undefined, overlong } : { raw, event: read(raw), overlong };
  }

  return {
    push(piece) {
      const events: RawEvent[] = [];
      let from = 0;
      for (const to of line.blankLineEnds(piece)) {
        events.push(block(held + piece.slice(from, to)));
        held = '';
        overlong = false;
        from = to;
      }
      held += piece.slice(from);
      if (held.length > mostChars || (overlong && held !== '')) {
        overlong = true;
        events.push(block(held));
        held = '';
      }
      return events;
    },
    end() {
      if (held === '') return [];
      const event = line.atStart() && !overlong ? read(`${held}\n\n`) : undefined;
      const rest = [{ raw: held, event, overlong }];
      held = '';
      return rest;
    },
  };
}

/** Reads the fields of one whole event. */
function createEventRead(): (raw: string) => ServerSentEvent | undefined {
  let found: ServerSentEvent | undefined;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      found = { name: event, data };
    },
  });
  return (raw) => {
    found = undefined;
    parser.feed(raw);
    return found;
  };
}

/**
 * Finds blank lines. A CR that ends a piece ends its line at once: waiting for an LF that may belong to it would hold an event back
 * from the client. Such an LF then opens the next event's raw text and means nothing there.
 */
function createLineEnds() {
  let blank = true;
  let afterReturn = false;
  return {
    atStart: () => blank,
    blankLineEnds(piece: string): readonly number[] {
      const ends: number[] = [];
      let i = 0;
      if (piece !== '' && afterReturn) {
        afterReturn = false;
        if (piece.startsWith('\n')) i = 1;
      }
      let newline = -1;
      let carriage = -1;
      while (i < piece.length) {
        if (newline < i) newline = indexOrEnd(piece, '\n', i);
        if (carriage < i) carriage = indexOrEnd(piece, '\r', i);
        const to = Math.min(newline, carriage);
        blank &&= to === i;
        if (to === piece.length) break;
        i = to + 1;
        if (to === carriage) {
          if (i < piece.length && i === newline) i += 1;
          else afterReturn = i === piece.length;
        }
        if (blank) ends.push(i);
        blank = true;
      }
      return ends;
    },
  };
}

function indexOrEnd(piece: string, what: string, from: number): number {
  const at = piece.indexOf(what, from);
  return at === -1 ? piece.length : at;
}
