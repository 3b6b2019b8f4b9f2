import { useCallback, useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import type { AskName, Asks, Problem } from '../messages.ts';

export interface Doing {
  /** Something was asked and is not answered yet. */
  busy: boolean;
  /** Why the last thing was not done. */
  problem: Problem | null;
  /** Undefined where it was not done; the reason is in `problem`. */
  run<Name extends AskName>(name: Name, given: Asks[Name]['with']): Promise<Asks[Name]['answer'] | undefined>;
  /** Says that something was not done, or with null that there is nothing to say. */
  say(problem: Problem | null): void;
}

/** Asks the worker to do something, and keeps what it says against it for the place where it was asked. */
export function useDoing(): Doing {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState(0);
  const run = useCallback(
    async <Name extends AskName>(name: Name, given: Asks[Name]['with']): Promise<Asks[Name]['answer'] | undefined> => {
      setAsked((before) => before + 1);
      const told = await ask(name, given);
      setAsked((before) => before - 1);
      setProblem(told.ok ? null : told.problem);
      return told.ok ? told.answer : undefined;
    },
    [],
  );
  return { busy: asked > 0, problem, run, say: setProblem };
}
