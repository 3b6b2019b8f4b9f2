import type { ASTNode } from '@marcbachmann/cel-js';
import { chainOf } from './expression.ts';

/**
 * Whether a formula can be shown never to fall as any quantity rises, and never to be negative (rule 15). Quantities and request
 * fields are zero or more; request fields stay as they are during a call. What can not be shown here may still be so: then the
 * card gives the operation a `ceiling`.
 */
export function neverFalls(tree: ASTNode, isQuantity: (name: string) => boolean): boolean {
  const shape = shapeOf(tree, isQuantity);
  return shape.direction !== 'unknown' && shape.direction !== 'falls' && shape.least >= 0;
}

interface Shape {
  direction: 'still' | 'rises' | 'falls' | 'unknown';
  /** It is never below this. */
  least: number;
  /** Its value where it is a written number. */
  number?: number;
}

const UNKNOWN: Shape = { direction: 'unknown', least: -Infinity };

function shapeOf(node: ASTNode, isQuantity: (name: string) => boolean): Shape {
  const of = (inner: ASTNode): Shape => shapeOf(inner, isQuantity);
  const name = chainOf(node);
  if (name !== undefined) return { direction: isQuantity(name) ? 'rises' : 'still', least: 0 };
  if (node.op === 'value') {
    const number = Number(node.args);
    return Number.isFinite(number) ? { direction: 'still', least: number, number } : UNKNOWN;
  }
  if (node.op === '-_') return negative(of(node.args));
  if (node.op === 'call') return callShape(node.args[0], node.args[1].map(of));
  if (node.op === 'rcall') return { direction: readsQuantity(node.args[1], isQuantity) ? 'rises' : 'still', least: 0 };
  if (node.op === '?:') return choiceShape(node.args[0], of(node.args[1]), of(node.args[2]), isQuantity);
  if (node.op === '+' || node.op === '-' || node.op === '*' || node.op === '/') {
    return arithmeticShape(node.op, of(node.args[0]), of(node.args[1]));
  }
  return UNKNOWN;
}

function negative({ direction, number }: Shape): Shape {
  if (number === undefined) return { direction: opposite(direction), least: -Infinity };
  return { direction: 'still', least: -number, number: -number };
}

function arithmeticShape(op: '+' | '-' | '*' | '/', a: Shape, b: Shape): Shape {
  if (op === '+') return { direction: together(a, b), least: a.least + b.least };
  if (op === '-') {
    const least = b.number === undefined ? -Infinity : a.least - b.number;
    return { direction: together(a, { direction: opposite(b.direction) }), least };
  }
  if (op === '*') return a.least < 0 || b.least < 0 ? UNKNOWN : { direction: together(a, b), least: a.least * b.least };
  return b.number === undefined || b.number <= 0 ? UNKNOWN : { direction: a.direction, least: a.least / b.number };
}

function callShape(called: string, args: readonly Shape[]): Shape {
  const leasts = args.map(({ least }) => least);
  const direction = args.map((one) => one.direction).reduce((a, b) => together({ direction: a }, { direction: b }));
  if (called === 'max') return { direction, least: Math.max(...leasts) };
  if (called === 'floor') return { direction, least: Math.floor(Math.min(...leasts)) };
  return { direction, least: called === 'ceil' ? Math.ceil(Math.min(...leasts)) : Math.min(...leasts) };
}

/** A choice by a quantity may jump down; one by the request alone is fixed during a call. */
function choiceShape(condition: ASTNode, yes: Shape, no: Shape, isQuantity: (name: string) => boolean): Shape {
  return readsQuantity(condition, isQuantity) ? UNKNOWN : { direction: together(yes, no), least: Math.min(yes.least, no.least) };
}

function readsQuantity(node: ASTNode, isQuantity: (name: string) => boolean): boolean {
  const name = chainOf(node);
  if (name !== undefined) return isQuantity(name);
  const inner = (Array.isArray(node.args) ? node.args.flat() : [node.args]) as unknown[];
  return inner.some((one) => typeof one === 'object' && one !== null && 'op' in one && readsQuantity(one as ASTNode, isQuantity));
}

function together(a: Pick<Shape, 'direction'>, b: Pick<Shape, 'direction'>): Shape['direction'] {
  if (a.direction === 'still') return b.direction;
  if (b.direction === 'still' || a.direction === b.direction) return a.direction;
  return 'unknown';
}

function opposite(direction: Shape['direction']): Shape['direction'] {
  if (direction === 'rises') return 'falls';
  return direction === 'falls' ? 'rises' : direction;
}
