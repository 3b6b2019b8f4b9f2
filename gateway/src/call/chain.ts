// Chains: calls that belong together, an agent's and those of its sub-agents. A call names its parent; what all of them share is the call at
// the root.
import type { Payer } from '../payer/payer.ts';
import type { Gate } from './gate.ts';
import { isSame } from './own.ts';

export interface Parent {
  id: string;
  /** The call at the root of the chain. */
  chain: string;
}

/** Only a call of the same workspace is a parent: another's does not exist for it, and no call can be put under its caps. */
export async function findParent(gate: Gate, payer: Payer, id: string): Promise<Parent | null> {
  const call = await gate.kept.call(id);
  if (call === undefined || !isSame(gate, call.about.workspace, payer.workspace.id)) return null;
  const { chain } = call.about.more;
  return { id, chain: typeof chain === 'string' ? chain : id };
}
