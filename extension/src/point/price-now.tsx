import type { JSX } from 'preact';
import { say } from '../say.ts';
import { ProblemNote } from '../show/problem.tsx';
import { useAnswer } from '../show/use-answer.ts';
import type { Read } from './panel.tsx';

/** What the tag would say with what the page gives now. */
export function PriceNow({ pairing, operation, inputs }: { pairing: string; operation: string; inputs: Read }): JSX.Element {
  const { answer, problem } = useAnswer('estimate', { pairing, operation, inputs });
  if (problem !== null) return <ProblemNote problem={problem} />;
  return (
    <output class="price-now" aria-live="polite">
      <span class="muted">{say('point_price')}</span>
      <span class="price">{answer?.text ?? '…'}</span>
      {answer?.range === null || answer === null ? null : <span class="muted">{answer.range}</span>}
      {answer?.problem === null || answer === null ? null : <span class="low-text why">{answer.problem}</span>}
    </output>
  );
}
