// What the schema finds wrong, in words: what is there, and what would be right.
import type { z } from 'zod';
import { didYouMean } from './nearest.ts';
import type { Place } from './parse.ts';
import { rateCardSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** One or more problems in words, each at its place. `root` is the card as it was read. */
export function describeIssue(issue: Issue, root: unknown): { place: Place; message: string }[] {
  const place = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const found = valueAt(root, place);
  const what = place.length === 0 ? 'the card' : JSON.stringify(String(place.at(-1)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      place: [...place, key],
      message: `${JSON.stringify(key)} is not a field here.${didYouMean(key, knownKeys(place))}`,
    }));
  }
  if (issue.code === 'invalid_key') {
    const wanted = new Set(issue.issues.map(wantedBy));
    return [{ place, message: `${what} is not a name for this; ${[...wanted].join(', or ')} would be right.` }];
  }
  if (issue.code === 'invalid_union') {
    // The branch that got furthest is the one that was meant.
    const deep = issue.errors.find((branch) => branch.length > 0 && branch.every(({ path }) => path.length > 0));
    if (deep !== undefined)
      return deep.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, root));
    const wanted = new Set(issue.errors.flat().map(wantedBy));
    return [{ place, message: `${what} is ${show(found)}; ${[...wanted].join(', or ')} would be right.` }];
  }
  if (found === undefined) return [{ place, message: `${what} is missing; ${wantedBy(issue)} belongs here.` }];
  const near = issue.code === 'invalid_value' ? didYouMean(show(found), issue.values.map(String)) : '';
  return [{ place, message: `${what} is ${show(found)}; ${wantedBy(issue)} would be right.${near}` }];
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  record: 'a map',
  object: 'a map',
  array: 'a list',
  int: 'a whole number',
};

function wantedBy(issue: Issue): string {
  const own = issue.code === 'invalid_type' && !issue.message.startsWith('Invalid input');
  if (issue.code === 'invalid_type' && !own) return EXPECTED[issue.expected] ?? `a ${issue.expected}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code !== 'too_small') return issue.message;
  if (issue.origin !== 'number' && issue.origin !== 'int') return 'at least one';
  return `a number ${issue.inclusive === true ? 'of at least' : 'above'} ${issue.minimum}`;
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
