// The most that a quantity can be, and what keeps that true (decision 1).
import type { Scalar } from '../facts.ts';
import { compileChoice } from './choice.ts';
import { isRefusal, type Inputs } from './field.ts';
import type { Place } from './parse.ts';
import type { BoundSource } from './schema.ts';
import { compileRequestNumber, isRequestField, readsField, type NumberReader, type QuantityKind, type Scope } from './scope.ts';
import { parseAmount } from './unit.ts';

export interface Bound {
  quantity: string;
  keptBy: BoundSource['kept_by'];
  /** For `kept_by: cut`: what is counted while the answer passes. */
  cut: 'bytes' | 'rows' | 'seconds' | undefined;
  /** The request field that decides it and that a client can lower, if any. */
  driver: string | undefined;
  /** What is set on the request where the client left the field out. */
  inject: { field: string; value: Scalar } | undefined;
  /** Bounded by the size of the request: the input part that `on_unknown: floor` still charges. */
  ofRequest: boolean;
  /** Says how much is asked for: it grows with the request, as a number of ids or a limit does, and a constant does not. */
  asked: boolean;
  most: NumberReader;
  /** Counts in place of `most`, where it is more, for a request that refers to content outside its own bytes. */
  byReference: NumberReader | undefined;
}

/** @returns `undefined` after a problem was reported. */
export function compileBound(scope: Scope, kind: QuantityKind, source: BoundSource, place: Place): Bound | undefined {
  const most = compileMost(scope, source.most, [...place, 'most']);
  const byReference =
    source.by_reference === undefined ? undefined : compileMost(scope, source.by_reference, [...place, 'by_reference']);
  if (most === undefined) return undefined;
  const { kept_by: keptBy } = source;
  if (keptBy === 'cut' && kind.cut === undefined) {
    scope.report.problem(
      [...place, 'kept_by'],
      `an answer can be cut by bytes, rows and seconds, not by "${kind.name}"; documented or inject would be right.`,
    );
    return undefined;
  }
  const driver = source.inject ?? most.fields[0];
  if (source.inject !== undefined && (keptBy !== 'inject' || !most.fields.includes(source.inject))) {
    const found =
      keptBy === 'inject'
        ? 'and "most" does not read it, so nothing would keep the bound'
        : `and the bound is kept_by: ${keptBy}`;
    scope.report.problem([...place, 'inject'], `${source.inject} is to be injected, ${found}.`);
  }
  if (keptBy === 'request' && driver === undefined) {
    scope.report.problem(place, 'it is kept by a request field, and "most" names none; write most: body.… or query.…');
    return undefined;
  }
  const bound: Bound = {
    quantity: kind.name,
    keptBy,
    cut: keptBy === 'cut' ? kind.cut : undefined,
    driver: keptBy === 'inject' || keptBy === 'request' ? driver : undefined,
    inject: undefined,
    ofRequest: most.ofRequest,
    asked: most.asked,
    most: most.read,
    byReference: byReference?.read,
  };
  if (keptBy === 'inject') bound.inject = injection(scope, driver, place);
  return bound;
}

/**
 * The bound for these inputs, as a whole number or with at most nine decimals.
 * @param refers whether the request refers to content outside its own bytes.
 */
export function boundFor(bound: Bound, inputs: Inputs, refers: boolean): ReturnType<NumberReader> {
  const most = bound.most(inputs);
  if (isRefusal(most)) return most;
  const reference = refers ? (bound.byReference?.(inputs) ?? 0) : 0;
  if (isRefusal(reference)) return reference;
  // Past the safe integers nothing can be counted, and no account holds as much: it stays the most there is.
  return Math.min(Math.max(most, reference), Number.MAX_SAFE_INTEGER);
}

interface Most {
  read: NumberReader;
  fields: readonly string[];
  ofRequest: boolean;
  asked: boolean;
}

function compileMost(scope: Scope, source: BoundSource['most'], place: Place): Most | undefined {
  if (typeof source === 'object') return compileMostTable(scope, source, place);
  const amount = parseAmount(source);
  if (amount !== undefined) return { read: () => amount, fields: [], ofRequest: false, asked: false };
  const compiled = compileRequestNumber(scope, String(source), true, place);
  if (compiled === undefined) return undefined;
  const read: NumberReader = (inputs) => {
    const value = compiled.read(inputs);
    // A bound that is no number (0 / 0) or has a part of a unit is the next whole one, never a smaller one.
    return isRefusal(value) ? value : Number.isFinite(value) ? Math.max(0, Math.ceil(value)) : Number.MAX_SAFE_INTEGER;
  };
  return {
    read,
    fields: compiled.expression.operands
      .filter(({ name, size }) => !size && name !== 'body.bytes' && isRequestField(name))
      .map(({ name }) => name),
    asked: compiled.expression.operands.length > 0,
    ofRequest: compiled.expression.operands.some(({ name }) => name === 'body.bytes' || name === 'request_bytes'),
  };
}

function compileMostTable(scope: Scope, source: Extract<BoundSource['most'], { by: string }>, place: Place): Most | undefined {
  readsField(scope, source.by, [...place, 'by']);
  const rows = new Map<string, number>();
  for (const [key, value] of Object.entries(source.is)) {
    const amount = parseAmount(value);
    if (amount === undefined)
      scope.report.problem([...place, 'is', key], `"${value}" is not an amount; 128000, 100 MB or 40m would be right.`);
    else rows.set(key, amount);
  }
  if (rows.size === 0) {
    scope.report.problem([...place, 'is'], 'the table is empty; at least one value would be right.');
    return undefined;
  }
  const choice = compileChoice(source, rows, (a, b) => a > b, scope.rules, scope.report, place);
  const read: NumberReader = (inputs) => {
    const row = choice.pick(inputs);
    return 'key' in row ? row.value : row;
  };
  return { read, fields: [], ofRequest: false, asked: false };
}

function injection(scope: Scope, field: string | undefined, place: Place): Bound['inject'] {
  if (field === undefined || !/^(body|query)\./.test(field)) {
    scope.report.problem(
      place,
      'there is nothing to inject: "most" names no field of body or query; name one, or write inject: body.…',
    );
    return undefined;
  }
  const value = scope.rules.get(field)?.absent ?? null;
  if (value === null) {
    scope.report.problem(
      place,
      `${field} is injected where a client leaves it out, but with what? Write fields: { ${field}: { absent: 4096 } }.`,
    );
    return undefined;
  }
  if (!Number.isSafeInteger(Number(value)) || Number(value) < 0) {
    scope.report.problem(
      place,
      `${field} would be injected as ${JSON.stringify(value)}; a whole number of zero or more would be right.`,
    );
  }
  return { field, value };
}
