// The reader that all built-in meters share: it takes an answer apart into JSON values or events and lets the meter's dialect say what
// they mean.
import { watchJson, type JsonReading, type JsonWatches } from './json-watch.ts';
import type { AnswerFacts, MeterReader, MeterRequest, ServerSentEvent } from './meter.ts';
import { parseJson } from './parse-json.ts';
import { Tally, type Item } from './tally.ts';
import { fieldsOf } from './usage-figures.ts';

/** What one API's answers mean. */
export interface Dialect {
  /** Values of a JSON answer. */
  json: JsonWatches<Tally>;
  /** Values of an event that is too long to be read whole, where it can carry a report. */
  overlong?: JsonWatches<Tally>;
  /** One event whose data is a JSON object. `report` where it exists only to report usage. */
  event(tally: Tally, value: Readonly<Record<string, unknown>>): 'report' | 'other';
  /** The name that an item's tool is priced by; undefined for items that are no tool calls. */
  toolName(item: Item): string | undefined;
}

export function createUsageReader(dialect: Dialect, answer: AnswerFacts, request: MeterRequest): MeterReader {
  const streams = answer.form === 'sse';
  const tally = new Tally(streams, answer.status, (item) => dialect.toolName(item));
  if (request.hidesOutput === true) tally.hide();
  const document = answer.form === 'json' ? watchJson(dialect.json, tally) : undefined;
  const overlong = streams ? readOverlong(dialect, tally) : undefined;

  return {
    text(piece) {
      document?.text(piece);
      overlong?.(piece);
    },
    document: (text) => document?.document(text),
    event(event) {
      return takeEvent(dialect, tally, event) === 'report' && request.hideReport ? 'hide' : 'show';
    },
    soFar: () => tally.soFar(),
    failed: () => tally.failed(),
    end() {
      document?.end();
      if (document?.whole() === true) tally.whole();
      return tally.end();
    },
  };
}

function takeEvent(dialect: Dialect, tally: Tally, { name, data }: ServerSentEvent): 'report' | 'other' {
  if (data === '[DONE]') {
    tally.runningIsFinal();
    tally.whole();
    return 'other';
  }
  const value = fieldsOf(parseJson(data));
  const failed = value['error'] !== undefined && value['error'] !== null;
  if (name === 'error' || value['type'] === 'error' || failed) {
    tally.fail();
    return 'other';
  }
  if (Object.keys(value).length > 0) return dialect.event(tally, value);
  // Nobody knows what it is, so it counts as output that was delivered.
  tally.answer(data);
  return 'other';
}

/** An event past the splitter's limit: its raw bytes are an upper count of its text, and a report in it is still found. */
function readOverlong(dialect: Dialect, tally: Tally): (piece: string) => void {
  let scanner: JsonReading | undefined;
  return (piece) => {
    tally.answer(piece);
    if (dialect.overlong === undefined) return;
    const from = scanner === undefined || scanner.whole() ? piece.indexOf('{') : 0;
    if (from === -1) return;
    if (scanner === undefined || scanner.whole()) scanner = watchJson(dialect.overlong, tally);
    scanner.text(piece.slice(from));
  };
}
