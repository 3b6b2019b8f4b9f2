import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import type { AskName, Asks, Problem } from '../messages.ts';

export interface Answered<Name extends AskName> {
  /** The last good answer; it stays while another is asked for, so that nothing flickers. */
  answer: Asks[Name]['answer'] | null;
  problem: Problem | null;
  again: () => void;
}

/** Asks the worker whenever what is asked, or `since`, changes. Null asks nothing. An answer to an older question is dropped. */
export function useAnswer<Name extends AskName>(name: Name, given: Asks[Name]['with'] | null, since?: unknown): Answered<Name> {
  const [state, setState] = useState<Omit<Answered<Name>, 'again'>>({ answer: null, problem: null });
  const turn = useRef(0);
  const question = given === null ? null : JSON.stringify(given);
  const askedBefore = useRef(question);
  const again = useCallback(() => {
    turn.current += 1;
    const mine = turn.current;
    const other = askedBefore.current !== question;
    askedBefore.current = question;
    if (other || question === null) setState({ answer: null, problem: null });
    if (question === null) return;
    const set = async (): Promise<void> => {
      const told = await ask(name, JSON.parse(question) as Asks[Name]['with']);
      if (mine !== turn.current) return;
      setState((before) => (told.ok ? { answer: told.answer, problem: null } : { ...before, problem: told.problem }));
    };
    void set();
  }, [name, question]);
  useEffect(again, [again, since]);
  return { ...state, again };
}
