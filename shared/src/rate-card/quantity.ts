// Which quantities an operation has, and who tells them: the gateway itself, the request, the meter, the answer, a job's report.
import type { Meter } from '../meter/meter.ts';
import { compileAnswerNumber, type DeclaredQuantity } from './answer.ts';
import type { Pricing } from './card.ts';
import type { Place } from './parse.ts';
import type { OperationSource } from './schema.ts';
import { compileRequestNumber, type QuantityKind, type Scope } from './scope.ts';

/** Always at hand: bytes of the answer, seconds the call took, bytes of the request. */
const BUILT_IN: readonly QuantityKind[] = [
  { name: 'bytes', origin: 'later', byName: false, cut: 'bytes' },
  { name: 'seconds', origin: 'later', byName: false, cut: 'seconds' },
  { name: 'request_bytes', origin: 'request', byName: false, cut: undefined },
];

/** Fills the scope's quantities. `declared` are read from the answer, `known` from the request. */
export function compileQuantities(
  scope: Scope,
  source: OperationSource,
  meter: Meter | undefined,
  reported: ReadonlySet<string>,
): { declared: DeclaredQuantity[]; known: Pricing['known'] } {
  for (const kind of BUILT_IN) scope.quantities.set(kind.name, kind);
  for (const name of meter?.tells ?? []) scope.quantities.set(name, later(name));
  for (const name of meter?.tellsByName ?? []) scope.quantities.set(name, { ...later(name), byName: true });
  if (source.job !== undefined) for (const name of reported) scope.quantities.set(name, later(name));

  const declared: DeclaredQuantity[] = [];
  const known: { name: string; read: Pricing['known'][number]['read'] }[] = [];
  for (const [name, written] of Object.entries(source.quantities ?? {})) {
    const place = [...scope.place, 'quantities', name];
    if (name === 'method' || BUILT_IN.some((one) => one.name === name)) {
      scope.report.problem(place, `"${name}" is taken; another name would be right.`);
      continue;
    }
    if (typeof written !== 'string') {
      const of = countOf(scope, written.count, [...place, 'count']);
      if (of === undefined) continue;
      declared.push({ name, from: 'count', of });
      scope.quantities.set(name, { ...later(name), cut: 'rows' });
    } else if (/\bresponse(_header)?[.[]/.test(written)) {
      const number = compileAnswerNumber(scope, written, place);
      if (number === undefined) continue;
      declared.push({ name, from: 'fields', read: number.read });
      // What the answer tells of its own rows can not be cut before it is told; a bound on it is the request's or documented.
      scope.quantities.set(name, later(name));
    } else {
      const number = compileRequestNumber(scope, written, false, place);
      if (number === undefined) continue;
      known.push({ name, read: number.read });
      scope.quantities.set(name, { ...later(name), origin: 'request' });
    }
  }
  return { declared, known };
}

function later(name: string): QuantityKind {
  return { name, origin: 'later', byName: false, cut: undefined };
}

function countOf(scope: Scope, count: string, place: Place): string | undefined {
  if (count === 'csv' || count === 'ndjson' || /^response(\.[\w-]+)+$/.test(count)) return count;
  scope.report.problem(
    place,
    `"${count}" can not be counted; csv, ndjson or a list such as response.result.rows would be right.`,
  );
  return undefined;
}
