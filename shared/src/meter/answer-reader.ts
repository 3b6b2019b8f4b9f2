// Everything that pricing reads from one answer while it passes: the meter's quantities, fields that the card names, and counted rows.
import type { CallEnd, Measurement, Quantities } from '../facts.ts';
import { layOutWatches, watchJson, type JsonWatch, type JsonWatches } from './json-watch.ts';
import type { AnswerFacts, Meter, MeterReader, MeterRequest } from './meter.ts';
import { countCsvRows, countJsonLines, type RowCount } from './row-count.ts';

/** What a rate card's operation reads from an answer, beside its meter. One object per operation: what it asks is laid out once. */
export interface AnswerSpec {
  /** Fields of a JSON answer: `response.result.metadata.row_count`, `response.data[0].id`. */
  paths: readonly string[];
  /** Rows by the name of their quantity: elements of the array at a path, records of CSV without the header, lines of JSON. */
  counts: Readonly<Record<string, AnswerCount>>;
}

export type AnswerCount = { kind: 'json'; path: string } | { kind: 'csv' } | { kind: 'ndjson' };

export interface AnswerReader extends MeterReader {
  /** The captured fields by path. A field that is absent was not told; null was told as null. A path of two values has none. */
  fields(): Readonly<Record<string, unknown>>;
}

/**
 * @param request what the meter asked for, from its `prepare`.
 * @throws {RangeError} when a path of the spec is none.
 */
export function createAnswerReader(
  spec: AnswerSpec,
  answer: AnswerFacts,
  meter: Meter | undefined,
  request: MeterRequest,
): AnswerReader {
  const metered = meter?.reader(answer, request);
  if (asksNothing(spec)) return meterAlone(metered);
  const found: Found = { fields: new Map(), problems: new Map(), elements: new Map() };
  const document = answer.form === 'json' ? watchJson(watchesOf(spec), found) : undefined;
  const lines = lineCounts(spec, answer);

  function end(how: CallEnd['how']): Measurement {
    document?.end();
    const measured = metered?.end(how) ?? UNMEASURED;
    const exact = how === 'complete' && metered?.failed() !== true;
    // Rows of a document that broke off are unknown, like everything of a whole answer (rule 10); rows of a stream were received.
    const counted = exact && document?.whole() === true ? elementCounts(found) : {};
    const rows = rowCounts(lines);
    return {
      quantities: { ...measured.quantities, ...counted, ...(exact ? rows : {}) },
      received: { ...measured.received, ...(exact ? {} : rows) },
      problems: [...measured.problems, ...[...found.problems].map(([quantity, text]) => ({ quantity, found: text }))],
    };
  }

  return {
    text(piece) {
      document?.text(piece);
      for (const count of lines.values()) count.text(piece);
      metered?.text(piece);
    },
    document(text) {
      document?.document(text);
      for (const count of lines.values()) count.text(text);
      metered?.document(text);
    },
    event: (event) => metered?.event(event) ?? 'show',
    soFar: () => ({ ...metered?.soFar(), ...elementCounts(found), ...rowCounts(lines) }),
    failed: () => metered?.failed() ?? false,
    fields: () => Object.fromEntries([...found.fields].filter(([path]) => !found.problems.has(path))),
    end,
  };
}

const UNMEASURED: Measurement = { quantities: {}, received: {}, problems: [] };

function asksNothing({ paths, counts }: AnswerSpec): boolean {
  return paths.length === 0 && Object.keys(counts).length === 0;
}

/** Most operations with a meter read nothing beside it. */
function meterAlone(metered: MeterReader | undefined): AnswerReader {
  return {
    text: (piece) => metered?.text(piece),
    document: (text) => metered?.document(text),
    event: (event) => metered?.event(event) ?? 'show',
    soFar: () => metered?.soFar() ?? {},
    failed: () => metered?.failed() ?? false,
    fields: () => ({}),
    end: (how) => metered?.end(how) ?? UNMEASURED,
  };
}

interface Found {
  fields: Map<string, unknown>;
  /** By path or quantity. */
  problems: Map<string, string>;
  /** Elements begun, by quantity; a quantity appears when its array begins. */
  elements: Map<string, number>;
}

const LAID_OUT = new WeakMap<AnswerSpec, JsonWatches<Found>>();

function watchesOf(spec: AnswerSpec): JsonWatches<Found> {
  let watches = LAID_OUT.get(spec);
  if (watches === undefined) {
    const counts = Object.entries(spec.counts).flatMap(([name, count]) =>
      count.kind === 'json' ? elementWatches(name, count.path) : [],
    );
    watches = layOutWatches([...new Set(spec.paths)].map(field).concat(counts));
    LAID_OUT.set(spec, watches);
  }
  return watches;
}

function field(path: string): JsonWatch<Found> {
  return {
    path,
    value(found, value) {
      const before = found.fields.get(path);
      // Readers of a document with a repeated name disagree on which one counts.
      if (found.fields.has(path) && JSON.stringify(before) !== JSON.stringify(value)) found.problems.set(path, 'given twice');
      found.fields.set(path, value);
    },
    fault: (found, text) => found.problems.set(path, text),
  };
}

function elementWatches(name: string, path: string): readonly JsonWatch<Found>[] {
  return [
    {
      path,
      begin(found, isList) {
        if (!isList) found.problems.set(name, 'not a list');
        else if (found.elements.has(name)) found.problems.set(name, 'given twice');
        else found.elements.set(name, 0);
      },
    },
    { path: `${path}[*]`, begin: (found) => found.elements.set(name, (found.elements.get(name) ?? 0) + 1) },
  ];
}

function lineCounts(spec: AnswerSpec, { form }: AnswerFacts): ReadonlyMap<string, RowCount> {
  const counts = new Map<string, RowCount>();
  for (const [name, { kind }] of Object.entries(spec.counts)) {
    if (kind !== form) continue;
    if (kind === 'csv') counts.set(name, countCsvRows());
    if (kind === 'ndjson') counts.set(name, countJsonLines());
  }
  return counts;
}

function rowCounts(lines: ReadonlyMap<string, RowCount>): Quantities {
  return Object.fromEntries([...lines].map(([name, count]) => [name, count.rows()]));
}

function elementCounts({ elements, problems }: Found): Quantities {
  return Object.fromEntries([...elements].filter(([name]) => !problems.has(name)));
}
