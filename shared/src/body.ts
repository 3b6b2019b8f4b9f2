// Reads a JSON body for its price, and refuses what two readers could understand in two ways (rule 16).
import type { RequestBody } from './facts.ts';
import type { PricingRefusal } from './pricing.ts';
import type { Operation } from './rate-card/card.ts';
import { invalid, unreadable } from './rate-card/field.ts';

/** Deeper bodies are refused: no API needs them, and readers elsewhere may not survive them. */
export const BODY_DEPTH_MAX = 128;

export type BodyOutcome = { ok: true; body: RequestBody } | { ok: false; refusal: PricingRefusal };

/**
 * Reads the body of a call whose operation `needsBody`.
 * @param bytes the length of the body as it came
 * @returns the body; a refusal where it is no JSON, is too deep, or names a priced field twice. Where the price needs only its length,
 * a body that is no JSON is `unread`.
 */
export function readJsonBody(text: string, bytes: number, operation: Operation): BodyOutcome {
  if (bytes === 0) return { ok: true, body: { kind: 'none' } };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (!operation.needsJson) return { ok: true, body: { kind: 'unread', bytes } };
    return { ok: false, refusal: unreadable('body', `${looksLike(text)} of ${bytes} bytes`) };
  }
  const { paths, names } = pricedOf(operation);
  const deep = mayBeDeep(text);
  const twice = paths.length > 0 && mayRepeat(text, names);
  if (deep || twice) {
    const refusal = scan(text, twice ? paths : []);
    if (refusal !== undefined) return { ok: false, refusal };
  }
  return { ok: true, body: { kind: 'json', text, value, bytes } };
}

interface PricedMembers {
  paths: readonly (readonly string[])[];
  /** The last name of each path, as JSON writes it. */
  names: readonly string[];
}

const priced = new WeakMap<Operation, PricedMembers>();

/** Worked out once per operation. */
function pricedOf(operation: Operation): PricedMembers {
  const known = priced.get(operation);
  if (known !== undefined) return known;
  const paths = pricedPaths(operation);
  const names = [...new Set(paths.map((path) => JSON.stringify(path.at(-1))))];
  priced.set(operation, { paths, names });
  return { paths, names };
}

/** Every member on the way to a priced field: `['stream_options'], ['stream_options', 'include_usage']`. */
function pricedPaths({ pricing }: Operation): string[][] {
  const fields = [...pricing.fields.filter(({ strict }) => strict).map(({ field }) => field), ...pricing.sizes];
  return fields.filter(({ from }) => from === 'body').flatMap(({ steps }) => steps.map((_, index) => steps.slice(0, index + 1)));
}

function looksLike(text: string): string {
  const start = text.trimStart()[0];
  if (start === undefined) return 'blanks';
  if (start === '{' || start === '[') return 'JSON that is broken or cut off';
  return start === '-' ? 'a multipart body, or text' : 'something else';
}

/** Only that many brackets can nest so deep. */
function mayBeDeep(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > BODY_DEPTH_MAX) return true;
    }
  }
  return false;
}

/** A name that stands once, in a text without escaped ASCII letters, is not given twice: the usual case, told without a scan. */
function mayRepeat(text: string, names: readonly string[]): boolean {
  if (text.includes('\\u00') || text.includes('\\/')) return true;
  return names.some((name) => {
    const at = text.indexOf(name);
    return at !== -1 && text.includes(name, at + name.length);
  });
}

/** Where the scan stands: an object with the priced names below it, or anything else. */
interface Level {
  /** Undefined in lists and in objects that no priced field is in. */
  path: readonly string[] | undefined;
  isObject: boolean;
  seen: Set<string>;
  /** The member whose value comes next. */
  key: string | undefined;
}

/** Walks text that JSON.parse has accepted, so that it need not be checked again. */
function scan(text: string, paths: PricedMembers['paths']): PricingRefusal | undefined {
  const watched = new Set(paths.map((path) => JSON.stringify(path)));
  const levels: Level[] = [];
  let afterColon = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    const level = levels.at(-1);
    if (char === '{' || char === '[') {
      if (levels.length >= BODY_DEPTH_MAX) return unreadable('body', `more than ${BODY_DEPTH_MAX} levels`);
      levels.push({ path: below(level, char), isObject: char === '{', seen: new Set(), key: undefined });
      afterColon = false;
    } else if (char === '}' || char === ']') {
      levels.pop();
      afterColon = false;
    } else if (char === ':') afterColon = true;
    else if (char === ',') afterColon = false;
    else if (char === '"') {
      const end = endOfText(text, at);
      const isKey = level?.isObject === true && level.path !== undefined && !afterColon;
      const twice = isKey ? repeated(level, JSON.parse(text.slice(at, end + 1)) as string, watched) : undefined;
      if (twice !== undefined) return invalid(twice, 'given twice', 'once');
      at = end;
    }
  }
  return undefined;
}

/** Where a text that opens here closes. A pattern would run out of stack on a text of some megabytes. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
}

/** Notes a member of an object; gives its full name where it is watched and was there before. */
function repeated(level: Level, key: string, watched: ReadonlySet<string>): string | undefined {
  level.key = key;
  const path = [...(level.path ?? []), key];
  if (!watched.has(JSON.stringify(path))) return undefined;
  if (level.seen.has(key)) return `body.${path.join('.')}`;
  level.seen.add(key);
  return undefined;
}

function below(level: Level | undefined, bracket: string): readonly string[] | undefined {
  if (bracket !== '{') return undefined;
  if (level === undefined) return [];
  return level.isObject && level.path !== undefined && level.key !== undefined ? [...level.path, level.key] : undefined;
}
