// Text → the card as written, with a place for everything: an error is `rates.yaml:12:7: what is wrong, what would be right`.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, visit, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from './nearest.ts';
import { rateCardSchema, type RateCardSource } from './schema.ts';

export interface CardProblem {
  file: string;
  line: number;
  column: number;
  message: string;
}

/** Where something stands in the card: `['services', 'dune', 'operations', 0, 'price']`. */
export type Place = readonly (string | number)[];

/** Collects what is wrong, at its place in the text. */
export interface Report {
  problem(place: Place, message: string): void;
  warning(place: Place, message: string): void;
  lineOf(place: Place): number;
}

export type Parsed =
  | { ok: true; source: RateCardSource; report: Report; problems: CardProblem[]; warnings: CardProblem[] }
  | { ok: false; problems: CardProblem[] };

/** `rates.yaml:12:7: what is wrong, what would be right` */
export function formatProblem(problem: CardProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
}

/** Reads the text of a card; what comes back has the right shape but is not yet checked for sense. */
export function parseRateCard(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: CardProblem[] = [];
  const at = (offset: number, message: string): CardProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, message };
  };
  for (const error of document.errors)
    problems.push(at(error.pos[0], yamlMessage(error.code, error.message, text.slice(...error.pos))));
  if (problems.length > 0) return { ok: false, problems };
  for (const [offset, message] of numbersReadAsText(document)) problems.push(at(offset, message));

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { ok: false, problems: [at(0, `it can not be read: ${error instanceof Error ? error.message : String(error)}`)] };
  }
  const result = rateCardSchema.safeParse(value);
  if (result.success && problems.length === 0) {
    const warnings: CardProblem[] = [];
    const report: Report = {
      problem: (place, message) => problems.push(at(offsetOf(document, place), message)),
      warning: (place, message) => warnings.push(at(offsetOf(document, place), message)),
      lineOf: (place) => at(offsetOf(document, place), '').line,
    };
    return { ok: true, source: result.data, report, problems, warnings };
  }
  for (const issue of result.error?.issues ?? []) {
    for (const { place, message } of describeIssue(issue, value)) {
      const problem = at(offsetOf(document, place), message);
      // The number that was read as text is named once, not again as a wrong type.
      if (!problems.some(({ line, column }) => line === problem.line && column === problem.column)) problems.push(problem);
    }
  }
  return { ok: false, problems };
}

function yamlMessage(code: string, message: string, found: string): string {
  if (code === 'DUPLICATE_KEY') return `${JSON.stringify(found.split(/[:\s]/)[0])} is given twice here; keep one of them.`;
  return `this is not YAML: ${message.split('\n')[0]}`;
}

/** YAML 1.2 reads `1_000` and `1,000` as text; a price or a bound written so would be silently something else. */
function numbersReadAsText(document: Document): [offset: number, message: string][] {
  const found: [number, string][] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || node.type !== Scalar.PLAIN || typeof node.value !== 'string' || !isScalar(node)) return;
      if (!/^[+-]?\d+([_,]\d+)+(\.\d+)?$/.test(node.value)) return;
      found.push([
        node.range?.[0] ?? 0,
        `${node.value} is text in YAML, not a number; write ${node.value.replace(/[_,]/g, '')}.`,
      ]);
    },
  });
  return found;
}

/** The offset of the value at a place, or of the nearest thing around it that is written. */
function offsetOf(document: Document, place: Place): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of place) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (pair === undefined) return offset;
      node = pair.value;
      offset = startOf(node) ?? startOf(pair.key) ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, root: unknown): { place: Place; message: string }[] {
  const place = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const found = valueAt(root, place);
  const what = place.length === 0 ? 'the card' : JSON.stringify(String(place.at(-1)));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        place: [...place, key],
        message: `${JSON.stringify(key)} is not a field here.${didYouMean(key, knownKeys(place))}`,
      }));
    case 'invalid_union': {
      // The branch that got furthest is the one that was meant.
      const deep = issue.errors.find((branch) => branch.length > 0 && branch.every(({ path }) => path.length > 0));
      if (deep !== undefined)
        return deep.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, root));
      const wanted = issue.errors.flat().map((inner) => wantedBy(inner));
      return [{ place, message: `${what} is ${show(found)}; ${[...new Set(wanted)].join(', or ')} would be right.` }];
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      return [
        {
          place,
          message: `${what} is ${show(found)}; one of ${values.join(', ')} would be right.${didYouMean(String(found), values)}`,
        },
      ];
    }
    default:
      if (found === undefined) return [{ place, message: `${what} is missing; ${wantedBy(issue)} belongs here.` }];
      return [{ place, message: `${what} is ${show(found)}; ${wantedBy(issue)} would be right.` }];
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  record: 'a map',
  object: 'a map',
  array: 'a list',
  int: 'a whole number',
};

function wantedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? `a ${issue.expected}`;
    case 'too_small':
      if (issue.origin === 'number' || issue.origin === 'int')
        return `a number ${issue.inclusive === true ? 'of at least' : 'above'} ${issue.minimum}`;
      return 'at least one';
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return JSON.stringify(value);
}

function valueAt(root: unknown, place: Place): unknown {
  return place.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step], root);
}

/** The names that the schema has at a place. */
function knownKeys(place: Place): string[] {
  let candidates: unknown[] = [rateCardSchema];
  const open = (schema: unknown): unknown[] => {
    const { def } = schema as { def: { type: string; innerType?: unknown; options?: unknown[] } };
    if (def.type === 'optional') return open(def.innerType);
    return def.type === 'union' ? (def.options ?? []).flatMap(open) : [schema];
  };
  for (const step of place) {
    candidates = candidates.flatMap(open).flatMap((schema) => {
      const { def } = schema as {
        def: { type: string; shape?: Record<string, unknown>; element?: unknown; valueType?: unknown };
      };
      return [def.shape?.[step], def.element, def.valueType].filter((next) => next !== undefined);
    });
  }
  return candidates.flatMap(open).flatMap((schema) => Object.keys((schema as { def: { shape?: object } }).def.shape ?? {}));
}
