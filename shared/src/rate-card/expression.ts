// Conditions, bounds and formulas in CEL, over decimals. The library parses, checks and evaluates; before that every field becomes
// a plain typed variable and every whole number a decimal, because CEL divides whole numbers without a rest (37 / 1000 is 0).
import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';

export type OperandType = 'double' | 'string' | 'dyn';

/** Something that an expression reads: a quantity (`rows`), a field (`body.n`), or with `size` the length of a list or text. */
export interface Operand {
  name: string;
  size: boolean;
  variable: string;
}

export interface Expression {
  text: string;
  operands: readonly Operand[];
  tree: ASTNode;
  /** @param values by the operands' `variable`. Throws where types do not fit: callers decide what that means. */
  run(values: Readonly<Record<string, unknown>>): unknown;
}

/** What an operand may be here, or what is wrong with it. */
export type TypeOf = (name: string, size: boolean) => OperandType | { problem: string };

/**
 * Compiles an expression that gives a number (`double`) or a truth (`bool`).
 * @returns the expression, or the problem in words.
 */
export function compileExpression(text: string, returns: 'double' | 'bool', typeOf: TypeOf): Expression | { problem: string } {
  try {
    const plain = HEADER.test(text) ? text.replace(/\.(.+)$/, '["$1"]') : text;
    const tree = PLAIN.parse(plain).ast;
    const reading: Reading = { typeOf, operands: [], environment: BASE.clone(), edits: [] };
    const problem = collect(tree, reading);
    if (problem !== undefined) return { problem };
    const compiled = reading.environment.parse(rewritten(plain, reading.edits));
    const check = compiled.check();
    if (!check.valid)
      return { problem: `the expression does not fit together: ${named(check.error?.message ?? '', reading.operands)}` };
    if (check.type !== returns && check.type !== 'dyn') {
      return { problem: `the expression gives ${TYPES[check.type ?? ''] ?? check.type}; ${TYPES[returns]} would be right` };
    }
    return { text, operands: reading.operands, tree, run: compiled };
  } catch (error) {
    if (error instanceof ParseError) return { problem: `the expression can not be read: ${error.summary}` };
    throw error;
  }
}

/** `body.a.b` of an access chain; a name that is no plain word is written `header["x-engine"]`, a place in a list `response.data[0]`. */
export function chainOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op === '.') {
    const left = chainOf(node.args[0]);
    return left === undefined ? undefined : `${left}.${node.args[1]}`;
  }
  if (node.op === '[]') {
    const [left, key] = [chainOf(node.args[0]), node.args[1]];
    if (left === undefined || key.op !== 'value') return undefined;
    if (typeof key.args === 'bigint') return `${left}[${key.args}]`;
    if (typeof key.args !== 'string') return undefined;
    return /^[^.[\]"\s]+$/.test(key.args) ? `${left}.${key.args}` : `${left}[${JSON.stringify(key.args)}]`;
  }
  return undefined;
}

/** Binary dust must not lift a number over the next whole one. */
export function snapped(value: number): number {
  const whole = Math.floor(value);
  return whole + Math.round((value - whole) * 1e9) / 1e9;
}

const TYPES: Readonly<Record<string, string>> = {
  double: 'a number',
  bool: 'true or false',
  string: 'text',
  int: 'a whole number',
};
const PLAIN = new Environment({ unlistedVariablesAreDyn: true });
const BASE = new Environment()
  .registerFunction('max(double, double): double', (a: number, b: number) => Math.max(a, b))
  .registerFunction('max(double, double, double): double', (a: number, b: number, c: number) => Math.max(a, b, c))
  .registerFunction('max(double, double, double, double): double', (...all: number[]) => Math.max(...all))
  .registerFunction('min(double, double): double', (a: number, b: number) => Math.min(a, b))
  .registerFunction('min(double, double, double): double', (a: number, b: number, c: number) => Math.min(a, b, c))
  .registerFunction('min(double, double, double, double): double', (...all: number[]) => Math.min(...all))
  .registerFunction('ceil(double): double', (value: number) => Math.ceil(snapped(value)))
  .registerFunction('floor(double): double', (value: number) => Math.floor(snapped(value)));

/** A header by itself may be written plainly, though its name reads as a subtraction. */
const HEADER = /^(response_)?header\.[a-z0-9-]+$/;
const FUNCTIONS = new Set(['max', 'min', 'ceil', 'floor']);
/** No patterns of users' own (`matches`), nothing that loops. */
const TEXT_TESTS = new Set(['startsWith', 'endsWith', 'contains']);

interface Reading {
  typeOf: TypeOf;
  operands: Operand[];
  environment: Environment;
  edits: { start: number; end: number; text: string }[];
}

function collect(node: ASTNode, reading: Reading): string | undefined {
  if (node.op === 'id' || node.op === '.' || node.op === '[]') return operand(node, node, false, reading);
  if (node.op === 'value') {
    if (typeof node.args === 'bigint') reading.edits.push({ start: node.start, end: node.end, text: `${node.args}.0` });
    return undefined;
  }
  if (node.op === 'call') {
    const [called, args] = node.args;
    if (called === 'size' && args.length === 1 && args[0] !== undefined) return operand(args[0], node, true, reading);
    if (!FUNCTIONS.has(called)) return `"${called}" is not a function here; max, min, ceil, floor and size are`;
    return first(args, reading);
  }
  if (node.op === 'rcall') {
    const [called, target, args] = node.args;
    if (called === 'size' && args.length === 0) return operand(target, node, true, reading);
    if (!TEXT_TESTS.has(called)) return `"${called}" is not a test here; startsWith, endsWith and contains are`;
    return first([target, ...args], reading);
  }
  if (node.op === '!_' || node.op === '-_') return collect(node.args, reading);
  if (node.op === 'map' || node.op === '.?' || node.op === '[?]')
    return 'maps and optional fields are not part of expressions here';
  return first(node.args, reading);
}

function first(nodes: readonly ASTNode[], reading: Reading): string | undefined {
  for (const node of nodes) {
    const problem = collect(node, reading);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function operand(node: ASTNode, whole: ASTNode, size: boolean, reading: Reading): string | undefined {
  const name = chainOf(node);
  if (name === undefined) return `"${whole.input.slice(whole.start, whole.end)}" is not a field or a quantity`;
  let known = reading.operands.find((one) => one.name === name && one.size === size);
  if (known === undefined) {
    const type = reading.typeOf(name, size);
    if (typeof type === 'object') return type.problem;
    known = { name, size, variable: `v${reading.operands.length}` };
    reading.operands.push(known);
    reading.environment.registerVariable(known.variable, type);
  }
  reading.edits.push({ start: whole.start, end: whole.end, text: known.variable });
  return undefined;
}

function rewritten(text: string, edits: Reading['edits']): string {
  let result = text;
  for (const { start, end, text: by } of edits.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + by + result.slice(end);
  }
  return result;
}

function named(message: string, operands: readonly Operand[]): string {
  const line = message.split('\n')[0] ?? '';
  return line.replace(/\bv(\d+)\b/g, (variable, index: string) => operands[Number(index)]?.name ?? variable);
}
