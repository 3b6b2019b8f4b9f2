// The figures of a usage object under the names that a rate card prices, the same for every API:
//
//   input_tokens  = uncached_input_tokens + cached_input_tokens + cache_write_tokens
//   output_tokens = answer_tokens + reasoning_tokens
//
// A card prices a whole or its parts, never both. A part that the upstream does not tell apart is 0 and stays in the rest
// (uncached, answer), so that no token is free and none counts twice.
import { describe, isCount, type Reading, type Tally } from './tally.ts';

/** The whole of the input or of the output, as the upstream reported it, and the parts told apart in it. */
export interface TokenSide {
  whole: unknown;
  parts: Readonly<Record<string, unknown>>;
}

export const INPUT_QUANTITIES = ['input_tokens', 'uncached_input_tokens', 'cached_input_tokens', 'cache_write_tokens'] as const;
export const OUTPUT_QUANTITIES = ['output_tokens', 'answer_tokens', 'reasoning_tokens'] as const;

/**
 * Reads one side. What is missing stays missing; what is no whole number ≥ 0, and parts that are more than their whole, are problems.
 * @param whole the quantity of the sum, `input_tokens`.
 * @param rest the quantity of what no part names, `uncached_input_tokens`.
 */
export function readSide(whole: string, rest: string, side: TokenSide): Reading {
  const figures: Record<string, number> = {};
  const problems: Reading['problems'][number][] = [];
  let left = isCount(side.whole) ? side.whole : undefined;
  if (left !== undefined) figures[whole] = left + 0;
  else if (side.whole !== undefined && side.whole !== null) {
    problems.push({ quantity: whole, found: describe(side.whole) }, { quantity: rest, found: describe(side.whole) });
  }
  for (const name in side.parts) {
    const value = side.parts[name];
    if (value === undefined || value === null) {
      if (isCount(side.whole)) figures[name] = 0;
    } else if (isCount(value)) {
      figures[name] = value + 0;
      if (left !== undefined) left -= value;
    } else {
      problems.push({ quantity: name, found: describe(value) });
      left = undefined;
    }
  }
  if (left === undefined) return { figures, problems };
  if (left >= 0) return { figures: { ...figures, [rest]: left }, problems };
  const found = `more than ${whole} ${describe(side.whole)}`;
  for (const name of Object.keys(side.parts)) delete figures[name];
  return { figures, problems: [...problems, ...[rest, ...Object.keys(side.parts)].map((quantity) => ({ quantity, found }))] };
}

export function joinReadings(...readings: readonly Reading[]): Reading {
  return {
    figures: Object.assign({}, ...readings.map(({ figures }) => figures)) as Reading['figures'],
    problems: readings.flatMap(({ problems }) => problems),
  };
}

/** A usage object that could not be read at all spoils every figure. */
export function faultUsage(tally: Tally, found: string): void {
  for (const quantity of [...INPUT_QUANTITIES, ...OUTPUT_QUANTITIES]) tally.fault(quantity, found);
}

/** The properties of a value that is an object, else none: for reading what an upstream sent. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The elements of a value that is an array, else none. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A value where it is text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
