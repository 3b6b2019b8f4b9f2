import type { JSX } from 'preact';
import type { CardContent } from '../messages.ts';
import { say } from '../say.ts';
import { Amount } from '../show/amount.tsx';
import { ChainTree } from '../show/chain-tree.tsx';
import { ReceiptView } from '../show/receipt.tsx';

// A frame beside a tag is small; the popup has all of it.
const ROWS = 8;

/** After the click: the receipt, and what ran for it with its own costs. */
export function ReceiptCard({ content }: { content: Extract<CardContent, { kind: 'receipt' }> }): JSX.Element {
  const { receipt, below, inclusive } = content;
  return (
    <div class="card">
      {below.length === 0 || inclusive === null ? null : (
        <p class="price">
          <strong>
            <Amount credits={inclusive} spent />
          </strong>
          <span class="muted below">{say('card_inclusive')}</span>
        </p>
      )}
      <ReceiptView receipt={receipt} />
      {below.length === 0 ? null : <ChainTree roots={below} most={ROWS} />}
    </div>
  );
}
