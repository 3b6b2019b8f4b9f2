import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { say } from '../say.ts';
import type { CardContent } from '../messages.ts';
import { Price } from './price.tsx';
import { Question } from './question.tsx';
import { ReceiptCard } from './receipt-card.tsx';
import { useSized } from './use-sized.ts';

/** What stands in the frame beside a tag. Its content is told once, for the nonce in the address, to the tab that it was made for. */
export function CardFrame({ nonce }: { nonce: string }): JSX.Element {
  const [content, setContent] = useState<CardContent | null>(null);
  useEffect(() => {
    const read = async (): Promise<void> => {
      const answer = await ask('card', { nonce });
      setContent(answer.ok ? answer.answer : { kind: 'gone', message: answer.problem.message });
    };
    void read();
  }, [nonce]);
  const place = useSized(nonce, content !== null);
  return (
    <div ref={place}>
      <h1 class="unseen">{say('card_title')}</h1>
      {content === null ? <p class="muted">{say('card_wait')}</p> : <Content content={content} nonce={nonce} />}
    </div>
  );
}

function Content({ content, nonce }: { content: CardContent; nonce: string }): JSX.Element {
  if (content.kind === 'gone') return <p role="status">{content.message === '' ? say('card_gone') : content.message}</p>;
  if (content.kind === 'receipt') return <ReceiptCard content={content} />;
  if (content.kind === 'question') return <Question content={content} nonce={nonce} />;
  return <Price content={content} />;
}
