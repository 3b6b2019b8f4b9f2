import type { ChainNode } from '../messages.ts';

export interface ChainRow {
  node: ChainNode;
  /** 0 for the call at the root. */
  depth: number;
}

/** The calls of a chain, each below the one that it was made for, at most so many; `more` is how many are left out. */
export function chainRows(roots: readonly ChainNode[], most = 100): { rows: readonly ChainRow[]; more: number } {
  const rows: ChainRow[] = [];
  let all = 0;
  const open: ChainRow[] = roots.map((node) => ({ node, depth: 0 })).reverse();
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    all += 1;
    if (rows.length < most) rows.push(row);
    const depth = row.depth + 1;
    open.push(...row.node.below.map((node) => ({ node, depth })).reverse());
  }
  return { rows, more: all - rows.length };
}
