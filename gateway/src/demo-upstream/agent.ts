// An agent with sub-agents: it plans, has two others work for it, one of which searches records, and answers. Each call names the call that it
// was made for, so that what a message cost is all of them together.
import type { AppAnswer, CallGateway } from './app-call.ts';

export interface Step {
  agent: string;
  callId: string | null;
  /** 0 is the agent itself. */
  depth: number;
  text: string;
}

export interface Reply {
  /** What it says in the end, or what kept it from that. */
  text: string;
  /** The root of its calls; null where not even the first was made. */
  callId: string | null;
  steps: readonly Step[];
  ok: boolean;
}

/**
 * Never rejects. What was done before something failed was done and did cost: it stays among the steps.
 * @param run the id of this turn, for `baggage`
 */
export async function answerMessage(call: CallGateway, run: string, text: string): Promise<Reply> {
  const steps: Step[] = [];
  const labels = (agent: string): Record<string, string> => ({ scenario: 'parley', run, agent });
  const ask = async (
    agent: string,
    depth: number,
    parent: string | undefined,
    path: string,
    body: object,
  ): Promise<AppAnswer> => {
    const answer = await call({ path, body, labels: labels(agent), parent });
    steps.push({ agent, callId: answer.callId, depth, text: answer.ok ? wordsOf(answer.json) : answer.message });
    return answer;
  };
  const end = (ok: boolean, said: string): Reply => ({ ok, text: said, callId: steps[0]?.callId ?? null, steps });

  const plan = await ask(
    'Planner',
    0,
    undefined,
    '/openai/v1/chat/completions',
    chat('gpt-4o', 160, `Plan an answer to: ${text}`),
  );
  if (!plan.ok) return end(false, plan.message);
  const root = plan.callId ?? undefined;
  const research = await ask('Researcher', 1, root, '/openai/v1/chat/completions', chat('gpt-4o-mini', 200, `Find out: ${text}`));
  if (!research.ok) return end(false, research.message);
  const searched = { page_size: 5, filters: { about: text.slice(0, 40) } };
  const records = await ask('Record search', 2, research.callId ?? undefined, '/records/v1/businesses', searched);
  if (!records.ok) return end(false, records.message);
  const written = await ask('Writer', 1, root, '/anthropic/v1/messages', {
    model: 'claude-sonnet-5',
    max_tokens: 200,
    messages: [{ role: 'user', content: `Answer: ${text}` }],
  });
  return end(written.ok, written.ok ? wordsOf(written.json) : written.message);
}

function chat(model: string, limit: number, content: string): object {
  return { model, max_completion_tokens: limit, messages: [{ role: 'user', content }] };
}

/** What was said, in any of the three shapes. */
function wordsOf(json: Readonly<Record<string, unknown>>): string {
  const { choices, content, data } = json as {
    choices?: { message: { content: string | null } }[];
    content?: { text?: string }[];
    data?: unknown[];
  };
  return choices?.[0]?.message.content ?? content?.[0]?.text ?? `${data?.length ?? 0} records`;
}
