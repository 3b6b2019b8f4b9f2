import type { ComponentChildren, JSX, RefObject } from 'preact';
import { showCredits, showEstimate, showRange } from '@tollgate/shared/show-credits';
import { say } from '../say.ts';
import type { CardContent } from '../messages.ts';
import { Amount, unitOf } from '../show/amount.tsx';
import { Lines } from '../show/lines.tsx';
import { showMoment } from '../show/show-time.ts';
import { ScheduleFacts } from './schedule-facts.tsx';

export type Priced = Extract<CardContent, { kind: 'price' | 'question' }>;

/** What a click would cost: the number, its range and arithmetic, what it leaves, whose credits pay. `children` stand at the top, before the details. */
export function Price(given: {
  content: Priced;
  /** What must be seen before an answer counts: the number, why it is asked, the buttons. */
  top?: RefObject<HTMLDivElement | null>;
  /** Said below that, which it must not move. */
  note?: string;
  children?: ComponentChildren;
}): JSX.Element {
  const { content, top, note, children } = given;
  return (
    <article class="card">
      <div class="top" {...(top === undefined ? {} : { ref: top })}>
        <header>
          <h2 class="title cut" title={content.title}>
            {content.title}
          </h2>
          <p class={content.origin === 'page' ? 'origin page' : 'origin muted'}>{originOf(content)}</p>
        </header>
        <Figure content={content} />
        {content.refusal === null ? null : (
          <div class="problem stopped" role="status">
            <p>
              <strong class="stopped-text">{say('card_refused')}</strong> {content.refusal}
            </p>
          </div>
        )}
        {content.problem === null ? null : (
          <div class="problem" role="status">
            <p>{content.problem}</p>
          </div>
        )}
        {children}
      </div>
      {note === undefined ? null : (
        <p class="low-text" role="status">
          {note}
        </p>
      )}
      <Facts content={content} />
      {content.schedule === null ? null : <ScheduleFacts schedule={content.schedule} exact={content.exact} />}
      {content.lines.length === 0 ? null : (
        <section>
          <h3 class="muted">{say('card_arithmetic')}</h3>
          <Lines lines={content.lines} total={null} />
        </section>
      )}
      {content.via === 'none' ? <p class="muted">{say('card_none')}</p> : null}
      {content.via === 'gateway' && content.asOf !== null ? (
        <p class="muted">{say('card_as_of', showMoment(content.asOf))}</p>
      ) : null}
    </article>
  );
}

function originOf({ origin, gateway }: Priced): string {
  if (origin === 'own') return say('card_from_own');
  if (origin === 'page') return say('card_from_page');
  return gateway === null ? say('card_from_card_unnamed') : say('card_from_card', gateway);
}

function Figure({ content }: { content: Priced }): JSX.Element | null {
  const { expected, quote, low, high, exact, claimed, problem } = content;
  const known = expected ?? (exact ? quote : null);
  if (known === null && claimed !== null) return <p class="claim">{say('card_claimed', showCredits(claimed))}</p>;
  if (known === null && high === null && problem !== null) return null;
  if (known === null && high === null) return <p class="claim">{say('card_unknown')}</p>;
  return (
    <p class="price">
      {known === null ? null : (
        <>
          <strong class="number" title={say('show_exactly', showCredits(known, undefined, true))}>
            {showEstimate({ exact, expected: known })}
          </strong>{' '}
          <span class="unit">{unitOf(known)}</span>
        </>
      )}{' '}
      {exact ? <span class="muted range">{say('card_exact')}</span> : null}
      {!exact && low !== null && high !== null && (low !== high || known === null) ? (
        <span class={known === null ? 'number range alone' : 'number muted range'}>
          {say('card_range', showRange(low, high))}
        </span>
      ) : null}
      {content.schedule === null ? null : <span class="muted"> {say('card_one_run')}</span>}
    </p>
  );
}

function Facts({ content }: { content: Priced }): JSX.Element | null {
  const { quote, leaves, available, pays, context, exact, via } = content;
  const facts = [
    !exact && quote !== null && via === 'gateway' ? <Fact name={say('card_held')} key="held" credits={quote} /> : null,
    leaves === null ? null : (
      <div key="leaves">
        <dt>{say('card_leaves')}</dt>
        <dd>
          <Amount credits={leaves} bare />{' '}
          {available === null ? null : <span class="muted">{say('card_leaves_of', showCredits(available))}</span>}
        </dd>
      </div>
    ),
    pays.length === 0 ? null : (
      <div key="pays">
        <dt>{say('card_pays')}</dt>
        <dd>
          {pays.map(({ kind, credits }) => (
            <div key={kind} class={kind}>
              <span>{say(`card_pays_${kind}`)}</span> {pays.length > 1 ? <Amount credits={credits} bare /> : null}
            </div>
          ))}
        </dd>
      </div>
    ),
    context === null ? null : (
      <div key="context">
        <dt>{say('card_context')}</dt>
        <dd>{context}</dd>
      </div>
    ),
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? null : <dl class="facts">{facts}</dl>;
}

function Fact({ name, credits }: { name: string; credits: number }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Amount credits={credits} bare />
      </dd>
    </div>
  );
}
