// Measure: an answer is read as it passes, by a tee. What is kept of it is bounded, whatever the upstream sends (promise 5).
import { createHash, hash, type Hash } from 'node:crypto';
import type { CallEnd, Measurement } from '@tollgate/shared/facts';
import { createAnswerReader, type AnswerCount, type AnswerReader, type AnswerSpec } from '@tollgate/shared/meter/answer-reader';
import type { AnswerForm } from '@tollgate/shared/meter/meter';
import { splitEvents, type RawEvent } from '@tollgate/shared/meter/server-sent-events';
import { readQuantities, type AnswerField } from '@tollgate/shared/rate-card/answer';
import { totalOf } from '@tollgate/shared/rate-card/amount-text';
import type { Operation } from '@tollgate/shared/rate-card/card';
import type { Answer } from './answer.ts';
import type { Gate } from './gate.ts';
import type { Held } from './hold.ts';
import type { StopReason } from './stop.ts';

/** What one piece may let through to the client, and whether the answer must be cut behind it. */
export interface Taken {
  pass: Buffer;
  cut: StopReason | undefined;
}

export interface Measured {
  measurement: Measurement;
  end: CallEnd;
  /** A field of the answer that the card reads, by its full name. */
  answerField: AnswerField;
  /** What is stored beside the facts. */
  bytes: number;
  ms: number;
  digest: string;
}

export interface Measure {
  form: AnswerForm;
  take(piece: Buffer): Taken;
  /** A body that is at hand whole, in place of pieces. */
  takeWhole(body: Buffer): Taken;
  /** What still waits inside for the rest of an event or a character; empty on a clean end. */
  rest(): Buffer;
  end(how: CallEnd['how']): Measured;
}

const EMPTY = Buffer.alloc(0);
const HEADER = 'response_header.';

/** Whether anything in the body of an answer matters to this operation: otherwise nobody decodes it. */
function readsBody({ meter, responsePaths, quantities }: Operation): boolean {
  return (
    meter !== undefined ||
    responsePaths.some((path) => !path.startsWith(HEADER)) ||
    quantities.some(({ from }) => from === 'count')
  );
}

const specs = new WeakMap<Operation, AnswerSpec>();
const NO_SPEC: AnswerSpec = { paths: [], counts: {} };

/** What to watch for in the body of an answer; worked out once per operation. */
function specOf(operation: Operation | undefined): AnswerSpec {
  if (operation === undefined) return NO_SPEC;
  const known = specs.get(operation);
  if (known !== undefined) return known;
  const counts: Record<string, AnswerCount> = {};
  for (const quantity of operation.quantities) {
    if (quantity.from !== 'count') continue;
    const { of } = quantity;
    counts[quantity.name] = of === 'csv' || of === 'ndjson' ? { kind: of } : { kind: 'json', path: of };
  }
  const spec = { paths: operation.responsePaths.filter((path) => !path.startsWith(HEADER)), counts };
  specs.set(operation, spec);
  return spec;
}

/** Starts measuring an answer whose head has come. */
export function startMeasure(gate: Gate, call: Held, answer: Answer): Measure {
  const { operation, quote } = call;
  const form = formOf(answer);
  const startedMs = gate.monotonicMs();
  const status = answer.statusCode ?? 0;
  const readsText = operation !== undefined && readsBody(operation) && form !== 'bytes';
  const reader = createAnswerReader(specOf(operation), { status, headers: answer.headers, form }, call.meter, call.meterRequest);
  const digest = digestPieces();
  // A document reports its usage at its end, when there is nothing left to cut; rows are counted on the way.
  const watched = readsText && (form !== 'json' || quote.keep.cut.rows !== undefined);
  let bytes = 0;
  const passText = form === 'sse' && readsText ? passEvents(reader) : readsText ? readPieces(reader) : undefined;

  function take(piece: Buffer, isWhole = false): Taken {
    const most = quote.keep.cut.bytes;
    const over = most !== undefined && bytes + piece.length > most;
    const allowed = over ? piece.subarray(0, most - bytes) : piece;
    bytes += allowed.length;
    digest.take(allowed);
    const pass = passText === undefined ? allowed : passText.take(allowed, isWhole);
    return { pass, cut: over ? 'bound_reached' : watched ? overBound(reader, call) : undefined };
  }

  function end(how: CallEnd['how']): Measured {
    const ms = gate.monotonicMs() - startedMs;
    const failed = how === 'complete' && reader.failed() ? 'broken' : how;
    const read = reader.end(failed);
    const seconds = Math.round(gate.monotonicMs() - call.startedMs) / 1_000;
    const fields = reader.fields();
    const answerField: AnswerField = (name) =>
      name.startsWith(HEADER) ? answer.headers[name.slice(HEADER.length)] : fields[name];
    const declared = readQuantities(operation?.quantities ?? [], quote.inputs, answerField);
    const measurement: Measurement = {
      quantities: { bytes, seconds, request_bytes: call.upload.bytes, ...read.quantities, ...declared.quantities },
      received: read.received,
      problems: [...read.problems, ...declared.problems],
    };
    return { measurement, end: { status, how: failed }, answerField, bytes, ms, digest: digest.hex() };
  }

  return {
    form,
    take: (piece) => take(piece),
    takeWhole: (body) => take(body, true),
    rest: () => passText?.rest() ?? EMPTY,
    end,
  };
}

interface TextPass {
  /** @param isWhole where no further piece comes. */
  take(piece: Buffer, isWhole: boolean): Buffer;
  rest(): Buffer;
}

/** Decodes what comes whole, and so keeps nothing from one call to the next. */
const WHOLE = new TextDecoder();

/** Documents and lines go through byte for byte; the reader gets the text. */
function readPieces(reader: AnswerReader): TextPass {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return {
    take: (piece, isWhole) => {
      if (isWhole) reader.document(WHOLE.decode(piece));
      else reader.text((decoder ??= new TextDecoder()).decode(piece, { stream: true }));
      return piece;
    },
    rest: () => EMPTY,
  };
}

/**
 * Server-sent events go through whole, so that a hidden one leaves no trace. They are split as latin1, where a character is a byte:
 * what passes is then exactly what came, whatever its encoding.
 */
function passEvents(reader: AnswerReader): TextPass {
  const splitter = splitEvents();
  const show = (events: readonly RawEvent[]): Buffer => {
    let shown = '';
    for (const { raw, event, overlong } of events) {
      if (overlong) reader.text(utf8(raw));
      const seen = event === undefined ? 'show' : reader.event({ name: event.name, data: utf8(event.data) });
      if (seen === 'show') shown += raw;
    }
    return Buffer.from(shown, 'latin1');
  };
  return { take: (piece) => show(splitter.push(piece.toString('latin1'))), rest: () => show(splitter.end()) };
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/** Rule 12: a stream that would outrun its hold, by what we count or by what the upstream reports, is cut. */
function overBound(reader: AnswerReader, { quote }: Held): StopReason | undefined {
  const soFar = reader.soFar();
  for (const name in soFar) {
    const bound = quote.bounds[name];
    const value = soFar[name];
    if (bound === undefined || value === undefined || totalOf(value) <= bound) continue;
    return name === 'rows' && quote.keep.cut.rows !== undefined ? 'bound_reached' : 'bound_broken';
  }
  return undefined;
}

/** SHA-256 over pieces. Most answers are one piece, and one call of the library is half the price of three. */
function digestPieces(): { take(piece: Buffer): void; hex(): string } {
  let first: Buffer | undefined;
  let further: Hash | undefined;
  return {
    take: (piece) => {
      if (piece.length === 0) return;
      if (first === undefined) first = piece;
      else (further ??= createHash('sha256').update(first)).update(piece);
    },
    hex: () => further?.digest('hex') ?? hash('sha256', first ?? EMPTY),
  };
}

const FORMS: readonly (readonly [RegExp, AnswerForm])[] = [
  [/^text\/event-stream\b/i, 'sse'],
  [/^application\/(?:x-)?(?:ndjson|jsonlines|jsonl)\b/i, 'ndjson'],
  [/^(?:application|text)\/(?:[\w.-]+\+)?json\b/i, 'json'],
  [/^(?:text|application)\/csv\b/i, 'csv'],
];

/** A compressed answer is bytes to us: identity was asked for, and a bomb is not unpacked to find its price. */
function formOf(answer: Answer): AnswerForm {
  const encoding = answer.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return 'bytes';
  const type = answer.headers['content-type'] ?? '';
  const known = formsByType.get(type);
  if (known !== undefined) return known;
  const form = FORMS.find(([pattern]) => pattern.test(type))?.[1] ?? 'bytes';
  if (formsByType.size < TYPES_MOST) formsByType.set(type, form);
  return form;
}

// An upstream has a handful of content types; one that makes them up is not kept in memory for it.
const TYPES_MOST = 256;
const formsByType = new Map<string, AnswerForm>();
