import type { JSX } from 'preact';
import { say } from '../say.ts';
import type { Receipt } from '../messages.ts';
import { Amount } from './amount.tsx';
import { Lines } from './lines.tsx';
import { Moment } from './moment.tsx';

/** What a call did cost and why: the arithmetic with all its decimals, who paid, what was left. */
export function ReceiptView({ receipt }: { receipt: Receipt }): JSX.Element {
  const running = receipt.state === 'open';
  return (
    <article class="receipt">
      <header>
        <h2 class="code">{receipt.operation}</h2>
        <p class="muted">
          {say(`show_state_${receipt.state}`)} · <Moment at={receipt.endedAt ?? receipt.heldAt} />
        </p>
        <p class="charge">
          {running ? '…' : <Amount credits={receipt.charge ?? (receipt.state === 'released' ? 0 : null)} exact spent />}
        </p>
      </header>
      {receipt.lines.length > 0 ? (
        <Lines lines={receipt.lines} total={receipt.charge} />
      ) : receipt.state === 'settled' || receipt.state === 'released' ? (
        <p class="muted">{say('show_receipt_no_lines')}</p>
      ) : null}
      <Facts receipt={receipt} />
    </article>
  );
}

function Facts({ receipt }: { receipt: Receipt }): JSX.Element {
  const labels = Object.entries(receipt.labels);
  return (
    <dl class="facts">
      <Fact name={say('show_receipt_held')}>
        <Amount credits={receipt.hold} exact bare />
      </Fact>
      {receipt.free > 0 ? (
        <Fact name={say('show_receipt_free')}>
          <Amount credits={receipt.free} exact bare />
        </Fact>
      ) : null}
      {receipt.absorbed > 0 ? (
        <Fact name={say('show_receipt_absorbed')}>
          <Amount credits={receipt.absorbed} exact bare />
        </Fact>
      ) : null}
      {receipt.paidBy.length > 0 ? (
        <Fact name={say('show_receipt_paid_by')}>
          {receipt.paidBy.map((part) => (
            <div key={`${part.account} ${part.grant}`}>
              <span class="muted">{part.account}</span> <Amount credits={part.amount} exact bare />
            </div>
          ))}
        </Fact>
      ) : null}
      {receipt.fee === null ? null : (
        <Fact name={say('show_receipt_fee')}>
          {receipt.fee.amount} {receipt.fee.currency}
        </Fact>
      )}
      {receipt.availableAfter === null ? null : (
        <Fact name={say('show_receipt_after')}>
          <Amount credits={receipt.availableAfter} exact bare />
        </Fact>
      )}
      {receipt.why === null ? null : <Fact name={say('show_receipt_why')}>{receipt.why}</Fact>}
      {receipt.flags.length > 0 ? <Fact name={say('show_receipt_flags')}>{receipt.flags.join(', ')}</Fact> : null}
      {labels.length > 0 ? (
        <Fact name={say('show_receipt_labels')}>
          {labels.map(([name, value]) => (
            <div key={name}>
              <span class="muted">{name}</span> {value}
            </div>
          ))}
        </Fact>
      ) : null}
      <Fact name={say('show_receipt_card')}>
        <span class="code">{receipt.rateCard}</span>
      </Fact>
      <Fact name={say('show_receipt_id')}>
        <span class="code">{receipt.id}</span>
      </Fact>
    </dl>
  );
}

function Fact({
  name,
  children,
}: {
  name: string;
  children: JSX.Element | JSX.Element[] | (string | JSX.Element)[] | string;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
