// Finds the watched values of a document that is at hand whole. To parse it once is quicker than to scan it; where the two could find
// different things, it is left to the scanner.
import type { JsonWatches } from './json-watch.ts';

/** @returns false, with nothing told to the watches, where the document must be scanned: it is no JSON, or may give a name twice. */
export function readWhole<C>(watches: JsonWatches<C>, context: C, text: string): boolean {
  // With escapes a name can be written in more than one way.
  if (text.includes('\\u00') || text.includes('\\/')) return false;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  const names = new Map<string, number>();
  countNames(watches, value, names);
  for (const [name, times] of names) if (!isWritten(name, times, text)) return false;
  tell(watches, context, value, []);
  return true;
}

/** How often each watched name was found. One that is given twice stands there once only: the parser kept its last value. */
function countNames<C>(place: JsonWatches<C>, value: unknown, names: Map<string, number>): void {
  eachBelow(place, value, (below, inside, step) => {
    if (typeof step === 'string') names.set(step, (names.get(step) ?? 0) + 1);
    countNames(below, inside, names);
  });
}

/** ASCII without quotes and backslashes: such a name is written as itself, or with an escape. */
const PLAIN_NAME = /^[ !#-[\]-~]*$/;

/** Whether the text has the name as often as it was found, and so nowhere else. */
function isWritten(name: string, times: number, text: string): boolean {
  if (!PLAIN_NAME.test(name)) return false;
  const written = `"${name}"`;
  let found = 0;
  for (let at = text.indexOf(written); at !== -1 && found <= times; at = text.indexOf(written, at + 1)) found += 1;
  return found === times;
}

/** Tells the watches in the order in which a scanner comes by: what is inside a value before the value. */
function tell<C>(place: JsonWatches<C>, context: C, value: unknown, indexes: readonly number[]): void {
  for (const watch of place.watches) watch.begin?.(context, Array.isArray(value));
  eachBelow(place, value, (below, inside, step) => {
    tell(below, context, inside, typeof step === 'number' ? [...indexes, step] : indexes);
  });
  for (const watch of place.watches) watch.value?.(context, value, indexes);
}

type Visit<C> = (below: JsonWatches<C>, inside: unknown, step: string | number) => void;

function eachBelow<C>(place: JsonWatches<C>, value: unknown, visit: Visit<C>): void {
  if (!place.leads || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, inside] of value.entries()) {
      const below = place.indexes.get(index) ?? place.every;
      if (below !== undefined) visit(below, inside, index);
    }
    return;
  }
  for (const name in value) {
    const below = place.keys.get(name);
    if (below !== undefined) visit(below, (value as Record<string, unknown>)[name], name);
  }
}
