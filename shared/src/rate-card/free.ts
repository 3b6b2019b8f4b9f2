// Free parts of a price: what they would have cost is still worked out and recorded.
import type { Scalar } from '../facts.ts';
import { compileExpression } from './expression.ts';
import { resolved, type Inputs } from './field.ts';
import type { Rate } from './rate.ts';
import type { OperationSource } from './schema.ts';
import { isRequestField, readsField, type Scope } from './scope.ts';

export interface FreePart {
  /** The quantity whose lines are free; the whole call where undefined. */
  part: string | undefined;
  /** Said on the receipt. */
  because: string;
  /** True where it depends on `tool.name`, and so is asked per name. */
  byName: boolean;
  holds(inputs: Inputs, toolName?: string): boolean;
}

type FreeSource = NonNullable<OperationSource['free']>[number];

/** @returns `undefined` after a problem was reported. */
export function compileFree(scope: Scope, source: FreeSource, index: number, rates: readonly Rate[]): FreePart | undefined {
  const place = [...scope.place, 'free', index];
  const { part, when } = source;
  const condition = compileExpression(when, 'bool', (name, size) => {
    if (size) return { problem: `size(${name}) is not part of a condition` };
    if (name === 'tool.name') return 'string';
    if (isRequestField(name)) return name.startsWith('body.') ? 'dyn' : 'string';
    return { problem: `"${name}" is not known to a condition; label.…, tool.name and fields of the request are` };
  });
  if ('problem' in condition) {
    scope.report.problem([...place, 'when'], `${condition.problem.replace(/\.$/, '')}.`);
    return undefined;
  }
  const byName = condition.operands.some(({ name }) => name === 'tool.name');
  if (!partFits(scope, source, byName, rates, place)) return undefined;
  for (const { name } of condition.operands) if (name !== 'tool.name') readsField(scope, name, [...place, 'when']);

  const holds = (inputs: Inputs, toolName = ''): boolean => {
    const values: Record<string, Scalar | null> = {};
    for (const { name, variable } of condition.operands) {
      const value = name === 'tool.name' ? toolName : resolved(name, inputs, scope.rules);
      values[variable] = name.startsWith('body.') ? value : String(value ?? '');
    }
    try {
      return condition.run(values) === true;
    } catch {
      // A condition that can not be decided (an absent field compared with a number) does not hold: never free by accident.
      return false;
    }
  };
  return { part, because: source.because ?? when, byName, holds };
}

function partFits(scope: Scope, { part }: FreeSource, byName: boolean, rates: readonly Rate[], place: Scope['place']): boolean {
  if (part === undefined) {
    if (byName)
      scope.report.problem(place, 'a condition on tool.name frees a part, not the whole call; part: tool_calls would be right.');
    return !byName;
  }
  const known = rates.flatMap(({ quantity }) => (quantity === undefined ? [] : [quantity]));
  if (!known.includes(part)) {
    const right = known.length === 0 ? 'no line of this price is per a quantity' : `one of ${known.join(', ')} would be right`;
    scope.report.problem([...place, 'part'], `no line of this price is per "${part}"; ${right}.`);
    return false;
  }
  if (byName && scope.quantities.get(part)?.byName !== true) {
    scope.report.problem([...place, 'part'], `"${part}" is not told by name, so tool.name says nothing about it.`);
    return false;
  }
  return true;
}
