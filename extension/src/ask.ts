// How pages of the extension ask the worker. It may be asleep: the browser starts it for the message.
import { browser } from 'wxt/browser';
import type { Answer, AskName, Asks } from './messages.ts';
import { say } from './say.ts';

/** Never rejects: where no worker answers (the extension was just updated), that is a problem as any other. */
export async function ask<Name extends AskName>(name: Name, given: Asks[Name]['with']): Promise<Answer<Name>> {
  try {
    const answer = (await browser.runtime.sendMessage({ ask: name, with: given })) as Answer<Name> | undefined;
    return answer ?? noAnswer();
  } catch {
    return noAnswer();
  }
}

function noAnswer(): Extract<Answer<AskName>, { ok: false }> {
  return { ok: false, problem: { code: 'offline', message: say('worker_no_answer') } };
}
