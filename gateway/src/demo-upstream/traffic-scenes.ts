// What the people of the workload do: each scene is one or a few calls that belong together.
import type { Random } from './random.ts';
import { phrase } from './words.ts';

export interface TrafficCall {
  /** Below the gateway: `/openai/v1/chat/completions`. */
  path: string;
  /** A JSON body makes it a POST. */
  body?: unknown;
  scenario: string;
  run?: string;
  fault?: string;
  idempotencyKey?: string;
  /** Leaves the answer after so many pieces. */
  leaveAfter?: number;
}

/** Sends calls in turn. `send` resolves with the answer's JSON, or undefined where there was none. */
export type Scene = (send: (call: TrafficCall) => Promise<unknown>, chance: Random) => Promise<void>;

const POLLS_MAX = 20;
const TOOLS = ['web_search', 'memory', 'files'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { query: { type: 'string' } } } },
}));

/** Each with its share. */
export const SCENES: readonly [readonly [number, Scene], ...(readonly [number, Scene])[]] = [
  [30, chat],
  [22, chatStream],
  [6, agent],
  [10, embed],
  [14, message],
  [10, query],
  [8, enrich],
];

async function chat(send: Parameters<Scene>[0], chance: Random): Promise<void> {
  const body = {
    model: chance.pick(['gpt-4o-mini', 'gpt-4o-mini', 'gpt-4o']),
    max_completion_tokens: chance.whole(100, 600),
    messages: messages(chance),
  };
  await send({ path: '/openai/v1/chat/completions', body, scenario: 'support-replies', ...sometimesFaulty(chance) });
}

async function chatStream(send: Parameters<Scene>[0], chance: Random): Promise<void> {
  const body = {
    model: chance.pick(['gpt-4o', 'gpt-4o-mini']),
    stream: true,
    max_completion_tokens: 500,
    messages: messages(chance),
  };
  const left = chance.chance(0.1) ? { leaveAfter: chance.whole(1, 12) } : {};
  await send({ path: '/openai/v1/chat/completions', body, scenario: 'assistant', ...left });
}

/** Two turns of an agent: the tools that it asks for, then its answer. */
async function agent(send: Parameters<Scene>[0], chance: Random): Promise<void> {
  const asked = messages(chance);
  const path = '/openai/v1/chat/completions';
  const model = 'gpt-4o';
  const limit = { max_completion_tokens: 400 };
  const answer = (await send({
    path,
    body: { model, ...limit, messages: asked, tools: TOOLS },
    scenario: 'research-agent',
  })) as Completion;
  const calls = answer?.choices?.[0]?.message.tool_calls;
  if (calls === undefined) return;
  const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: phrase(chance) }));
  const next = [...asked, { role: 'assistant', tool_calls: calls }, ...results];
  await send({ path, body: { model, ...limit, messages: next }, scenario: 'research-agent' });
}

type Completion = { choices?: { message: { tool_calls?: { id: string }[] } }[] } | undefined;

async function embed(send: Parameters<Scene>[0], chance: Random): Promise<void> {
  const input = Array.from({ length: chance.whole(1, 12) }, () => phrase(chance));
  await send({ path: '/openai/v1/embeddings', body: { model: 'text-embedding-3-small', input }, scenario: 'search-index' });
}

async function message(send: Parameters<Scene>[0], chance: Random): Promise<void> {
  const stream = chance.chance(0.5);
  const body = { model: 'claude-sonnet-5', max_tokens: chance.whole(200, 800), stream, messages: messages(chance) };
  const left = stream && chance.chance(0.1) ? { leaveAfter: chance.whole(1, 12) } : {};
  await send({ path: '/anthropic/v1/messages', body, scenario: 'contract-review', ...left, ...sometimesFaulty(chance) });
}

/** Execute, ask until it is finished, then read the pages. */
async function query(send: Parameters<Scene>[0], chance: Random): Promise<void> {
  const scenario = 'dashboards';
  const performance = chance.chance(0.25) ? 'large' : 'medium';
  const path = `/dune/api/v1/query/${chance.whole(1, 40)}/execute`;
  const started = (await send({ path, body: { performance }, scenario })) as { execution_id?: string } | undefined;
  if (started?.execution_id === undefined) return;
  const execution = `/dune/api/v1/execution/${started.execution_id}`;
  for (let polls = 0; polls < POLLS_MAX; polls += 1) {
    const status = (await send({ path: `${execution}/status`, scenario })) as { is_execution_finished?: boolean } | undefined;
    if (status === undefined) return;
    if (status.is_execution_finished === true) break;
    await new Promise((resolve) => setTimeout(resolve, chance.whole(200, 600)));
  }
  await send({ path: `${execution}/results?limit=100&offset=0`, scenario });
}

async function enrich(send: Parameters<Scene>[0], chance: Random): Promise<void> {
  const ids = Array.from({ length: chance.whole(1, 20) }, () => chance.letters(32).toLowerCase());
  await send({ path: '/records/v1/businesses/enrich', body: { business_ids: ids }, scenario: 'lead-scoring' });
}

function messages(chance: Random): { role: string; content: string }[] {
  const question = `What happened with ${phrase(chance)}? Compare it with ${phrase(chance)}.`;
  return [
    { role: 'user', content: question },
    ...(chance.chance(0.3)
      ? [
          { role: 'assistant', content: phrase(chance) },
          { role: 'user', content: 'Say more.' },
        ]
      : []),
  ];
}

function sometimesFaulty(chance: Random): { fault?: string } {
  return chance.chance(0.06) ? { fault: chance.pick(['status=429', 'status=500', 'slow=1500', 'no-usage', 'cut-after=80']) } : {};
}
