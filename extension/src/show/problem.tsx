import type { ComponentChildren, JSX } from 'preact';
import type { Problem } from '../messages.ts';

/** What went wrong, in words; below it what would help. Said aloud once, without interrupting. */
export function ProblemNote({ problem, children }: { problem: Problem; children?: ComponentChildren }): JSX.Element {
  return (
    <div
      class={/^key_(?:unknown|missing)$/.test(problem.code) ? 'problem stopped' : 'problem'}
      role="status"
      data-code={problem.code}
    >
      <p>{problem.message}</p>
      {children}
    </div>
  );
}
