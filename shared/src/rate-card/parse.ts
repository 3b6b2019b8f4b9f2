// Text → the card as written, with a place for everything: an error is `rates.yaml:12:7: what is wrong, what would be right`.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, visit, type Document, type Node } from 'yaml';
import { describeIssue } from './issue.ts';
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
    problems.push(at(error.pos[0], yamlMessage(error.code, error.message, text.slice(error.pos[0]))));
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
      lineOf: (place) => at(offsetOf(document, place, 'key'), '').line,
    };
    return { ok: true, source: result.data, report, problems, warnings };
  }
  for (const issue of result.error?.issues ?? []) {
    for (const { place, message } of describeIssue(issue, value)) {
      const isKey = issue.code === 'unrecognized_keys' || issue.code === 'invalid_key';
      const problem = at(offsetOf(document, place, isKey ? 'key' : 'value'), message);
      // The number that was read as text is named once, not again as a wrong type.
      if (!problems.some(({ line, column }) => line === problem.line && column === problem.column)) problems.push(problem);
    }
  }
  return { ok: false, problems };
}

function yamlMessage(code: string, message: string, found: string): string {
  if (code === 'DUPLICATE_KEY')
    return `${JSON.stringify(/^["']?([^:"'\s,{}]+)/.exec(found)?.[1] ?? '')} is given twice here; keep one of them.`;
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
function offsetOf(document: Document, place: Place, part: 'key' | 'value' = 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of place.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (pair === undefined) return offset;
      node = pair.value;
      const key = startOf(pair.key);
      const isKey = part === 'key' && index === place.length - 1;
      offset = (isKey ? key : (startOf(node) ?? key)) ?? offset;
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
