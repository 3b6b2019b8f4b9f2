import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { say } from '../say.ts';
import type { ChainNode, Pairing } from '../messages.ts';
import { ChainTree } from '../show/chain-tree.tsx';
import { ProblemNote } from '../show/problem.tsx';
import { ReceiptView } from '../show/receipt.tsx';
import { useAnswer } from '../show/use-answer.ts';
import { consoleUrl } from './console-url.ts';

/** A call's receipt and, where it belongs to a chain, all of that. `since` changes when something was charged. */
export function CallView(given: {
  pairing: Pairing;
  id: string;
  since: unknown;
  open: (id: string) => void;
  back: () => void;
}): JSX.Element {
  const { pairing, id, since, open, back } = given;
  const { answer: receipt, problem } = useAnswer('receipt', { pairing: pairing.id, id }, since);
  const root = receipt === null ? null : (receipt.chain ?? receipt.id);
  const chain = useAnswer('chain', root === null ? null : { pairing: pairing.id, id: root }, since);
  const start = useRef<HTMLButtonElement>(null);
  // Who came by keyboard goes on from here.
  useEffect(() => start.current?.focus(), []);
  return (
    <section>
      <p class="chart-head">
        <button type="button" class="plain" ref={start} onClick={back}>
          {say('popup_back')}
        </button>
        <a href={consoleUrl(pairing, 'calls', id)} target="_blank" rel="noreferrer">
          {say('popup_in_console')}
        </a>
      </p>
      {problem === null ? null : <ProblemNote problem={problem} />}
      {receipt === null && problem === null ? <p class="muted">{say('popup_wait')}</p> : null}
      {receipt === null ? null : <ReceiptView receipt={receipt} />}
      {chain.answer !== null && hasMore(chain.answer) ? <ChainTree roots={[chain.answer]} current={id} open={open} /> : null}
    </section>
  );
}

function hasMore(root: ChainNode): boolean {
  return root.below.length > 0;
}
