// A call of a pairing with its chain, as its gateway knows it for this key: what it does not know is nobody's cost here.
import { calls as callsShape, receipt as receiptShape } from '@tollgate/shared/contract';
import type { Answer, ChainNode, Problem, Receipt } from '../messages.ts';
import { askGateway } from '../worker/gateway.ts';
import { chainTree, type Call } from './chain-tree.ts';

export interface ChainOf {
  receipt: Receipt;
  /** The call at its root, by which receipts of the chain are known. */
  root: string;
  /** The call with all below it. */
  tree: ChainNode;
  calls: readonly Call[];
}

const PAGES_MOST = 5;

export async function chainOf(pairing: string, id: string): Promise<ChainOf | Problem> {
  const asked = await askGateway(pairing, 'GET', `calls/${encodeURIComponent(id)}`, { answer: receiptShape });
  if (!asked.ok) return asked.problem;
  const receipt = asked.body;
  const root = receipt.chain ?? receipt.id;
  const calls = await callsOfChain(pairing, root);
  if ('code' in calls) return calls;
  // The list and the receipt are asked for one after the other: what has ended in between counts.
  const all = [...calls.filter((call) => call.id !== receipt.id), calls.find((call) => call.id === receipt.id) ?? receipt];
  const tree = chainTree(all, receipt.id);
  return tree === undefined ? { code: 'not_found', message: '' } : { receipt, root, tree, calls: all };
}

/** For who looks at one call: the whole chain that it is in, from its root. */
export async function chain({ pairing, id }: { pairing: string; id: string }): Promise<Answer<'chain'>> {
  const found = await chainOf(pairing, id);
  if ('code' in found) return { ok: false, problem: found };
  return { ok: true, answer: chainTree(found.calls, found.root) ?? found.tree };
}

async function callsOfChain(pairing: string, root: string): Promise<Call[] | Problem> {
  const calls: Call[] = [];
  let before: string | null = null;
  for (let page = 0; page < PAGES_MOST; page += 1) {
    const query: Record<string, string | number> = { chain: root, limit: 1_000, ...(before === null ? {} : { before }) };
    const asked = await askGateway(pairing, 'GET', 'calls', { answer: callsShape, query });
    if (!asked.ok) return asked.problem;
    calls.push(...asked.body.calls);
    before = asked.body.next;
    if (before === null) break;
  }
  return calls;
}
