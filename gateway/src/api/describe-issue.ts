// What is wrong with an input, in words: what was found and what would be right. The place is said beside it.
import type { z } from 'zod';

/**
 * @param issue of a parse that reports its input
 * @returns `found -1; at least 0 would be right`, or the schema's own words with what was found
 */
export function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'it is not valid';
  const found = foundOf(issue.input);
  const right = rightOf(issue);
  if (right === undefined) return found === undefined ? issue.message : `${issue.message}; ${found}`;
  return found === undefined ? `${right} would be right` : `${found}; ${right} would be right`;
}

// Long enough to know one's own text again.
const SHOWN_MOST = 60;

/** Undefined for what is too much to be said. */
function foundOf(input: unknown): string | undefined {
  if (input === undefined) return 'it is missing';
  if (input === null || typeof input === 'boolean') return `found ${input}`;
  if (typeof input === 'number') return Number.isNaN(input) ? 'found no number' : `found ${input}`;
  if (typeof input !== 'string') return undefined;
  return `found ${JSON.stringify(input.length > SHOWN_MOST ? `${input.slice(0, SHOWN_MOST)}…` : input)}`;
}

/** Undefined where the schema has words of its own. */
function rightOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_key') return rightOf(issue.issues[0] ?? issue) ?? issue.issues[0]?.message;
  if (!/^(?:Invalid|Too) /.test(issue.message)) return undefined;
  if (issue.code === 'invalid_type') return TYPES[issue.expected] ?? `a ${issue.expected}`;
  if (issue.code === 'invalid_value') return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
  if (issue.code === 'too_small')
    return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
  if (issue.code === 'too_big')
    return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
  return undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  boolean: 'true or false',
  string: 'a text',
};

function unitOf(origin: string, count: number | bigint): string {
  return origin === 'string' ? ` character${Number(count) === 1 ? '' : 's'}` : origin === 'array' ? ' of them' : '';
}
