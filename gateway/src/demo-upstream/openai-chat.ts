// POST /v1/chat/completions, as JSON and as an event stream.
import { eventStream, serverSentEvent, type Answer } from './answer.ts';
import { compose, inputTokens, type Composition, type CompositionAsk, type ToolAsk } from './composition.ts';
import type { Exchange } from './exchange.ts';
import { faultNumber } from './faults.ts';
import { invalid, isModel, reasons, serverError, unknownModel } from './openai-error.ts';
import type { Random } from './random.ts';
import { tellings, withUsage, type Usage } from './usage.ts';

const CHOICES_MAX = 128;
const LIED_ABOUT = ['completion_tokens', 'total_tokens'];

interface ChatAsk {
  model?: unknown;
  messages?: unknown;
  n?: number | null;
  max_tokens?: number | null;
  max_completion_tokens?: number | null;
  stream?: boolean | null;
  stream_options?: { include_usage?: boolean } | null;
  tools?: readonly { function?: { name: string; parameters?: unknown } }[] | null;
  tool_choice?: CompositionAsk['choice'] | { function: { name: string } } | null;
  parallel_tool_calls?: boolean | null;
  response_format?: unknown;
}

/** @returns a completion whose usage agrees with its text, or a refusal in OpenAI's words. */
export async function chatCompletion(exchange: Exchange): Promise<Answer> {
  const ask = (await exchange.object()) as ChatAsk | undefined;
  if (ask === undefined) return invalid('We could not parse the JSON body of your request.', null);
  const refusal = refuse(ask);
  if (refusal !== undefined) return refusal;
  const random = await exchange.chance();
  const choices = Array.from({ length: ask.n ?? 1 }, () => compose(compositionAsk(ask, random, exchange)));
  const reports = tellings(usageOf(ask, choices, random), exchange.faults, LIED_ABOUT);
  const shared = {
    id: exchange.id('chatcmpl-'),
    created: Math.floor(exchange.around.now() / 1000),
    model: String(ask.model),
    service_tier: 'default',
    system_fingerprint: 'fp_demo',
  };
  const headers = { 'openai-version': '2020-10-01', 'openai-processing-ms': String(random.whole(80, 900)) };
  if (ask.stream === true) {
    const includesUsage = ask.stream_options?.include_usage === true;
    return eventStream(
      stream(exchange, { ...shared, object: 'chat.completion.chunk' }, choices, includesUsage ? reports : undefined),
      headers,
    );
  }
  const body = {
    ...shared,
    object: 'chat.completion',
    choices: choices.map((choice, index) => wholeChoice(exchange, choice, index)),
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: withUsage(body, reports),
    tells: reports.at(-1),
  };
}

/** In the order in which OpenAI complains. */
function refuse(ask: ChatAsk): Answer | undefined {
  if (typeof ask.model !== 'string') return invalid('you must provide a model parameter', 'model');
  if (!isModel(ask.model)) return unknownModel(ask.model);
  if (!Array.isArray(ask.messages))
    return invalid("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter');
  if (ask.messages.length === 0) return invalid("Invalid 'messages': empty array.", 'messages', 'empty_array');
  for (const field of ['max_tokens', 'max_completion_tokens', 'n'] as const) {
    const value = ask[field] ?? 1;
    if (!Number.isInteger(value) || value < 1)
      return invalid(`Invalid value for '${field}': expected a positive integer.`, field);
  }
  if ((ask.n ?? 1) > CHOICES_MAX) return invalid(`Invalid 'n': integer above maximum value of ${CHOICES_MAX}.`, 'n');
  if ((ask.max_tokens ?? null) !== null) {
    if ((ask.max_completion_tokens ?? null) !== null) {
      const message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
      return invalid(message, 'max_tokens', 'invalid_parameter_combination');
    }
    if (reasons(ask.model)) {
      const message =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
      return invalid(message, 'max_tokens', 'unsupported_parameter');
    }
  }
  if ((ask.stream_options ?? null) !== null && ask.stream !== true) {
    return invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options');
  }
  return undefined;
}

function compositionAsk(ask: ChatAsk, random: Random, exchange: Exchange): CompositionAsk {
  const tools = (ask.tools ?? []).flatMap<ToolAsk>(({ function: f }) =>
    f === undefined ? [] : [{ name: f.name, schema: f.parameters }],
  );
  const choice = ask.tool_choice ?? 'auto';
  return {
    random,
    limit: ask.max_completion_tokens ?? ask.max_tokens ?? undefined,
    tools,
    choice: typeof choice === 'object' && 'function' in choice ? { name: choice.function.name } : choice,
    parallel: ask.parallel_tool_calls !== false,
    reasons: reasons(String(ask.model)),
    past: faultNumber(exchange.faults, 'break-bound', 64),
  };
}

function usageOf(ask: ChatAsk, choices: readonly Composition[], random: Random): Usage {
  const input = inputTokens(ask.messages, ask.tools, ask.response_format);
  const output = choices.reduce((sum, choice) => sum + choice.tokens, 0);
  const reasoning = choices.reduce((sum, choice) => sum + choice.reasoningTokens, 0);
  // OpenAI caches from 1,024 tokens on; a demo's prompts are short, so that this cache has a finer grain.
  const cached = random.chance(0.5) ? Math.floor((input * random.next()) / 16) * 16 : 0;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

const FINISH = { end: 'stop', limit: 'length', tools: 'tool_calls' } as const;

function wholeChoice(exchange: Exchange, choice: Composition, index: number): unknown {
  const calls = choice.calls.map((call, at) => ({
    id: exchange.id(`call_${index}${at}`),
    type: 'function',
    function: { name: call.name, arguments: call.pieces.join('') },
  }));
  return {
    index,
    message: {
      role: 'assistant',
      content: calls.length > 0 ? null : choice.words.join(''),
      refusal: null,
      annotations: [],
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
    logprobs: null,
    finish_reason: FINISH[choice.stopped],
  };
}

/**
 * @param reports `undefined` where the client did not ask for usage: then no chunk has a `usage` at all. Otherwise every chunk has
 * `usage: null`, and each report comes in a chunk of its own with no choices.
 */
function* stream(
  exchange: Exchange,
  shared: object,
  choices: readonly Composition[],
  reports: readonly Usage[] | undefined,
): Generator<string> {
  const nothing = reports === undefined ? {} : { usage: null };
  const deltas = interleaved(choices.map((choice, index) => [...deltasOf(exchange, choice, index)]));
  for (const [at, choice] of deltas.entries()) {
    if (exchange.faults.has('error-event') && at >= deltas.length / 2) {
      yield serverSentEvent({ error: serverError });
      return;
    }
    yield serverSentEvent({ ...shared, choices: [choice], ...nothing });
  }
  for (const usage of reports ?? []) {
    exchange.tell(usage);
    yield serverSentEvent({ ...shared, choices: [], usage });
  }
  yield serverSentEvent('[DONE]');
}

function* deltasOf(exchange: Exchange, choice: Composition, index: number): Generator {
  const chunk = (delta: object, finish: string | null = null): unknown => ({
    index,
    delta,
    logprobs: null,
    finish_reason: finish,
  });
  yield chunk({ role: 'assistant', content: choice.calls.length > 0 ? null : '', refusal: null });
  for (const word of choice.words) yield chunk({ content: word });
  for (const [at, call] of choice.calls.entries()) {
    const id = exchange.id(`call_${index}${at}`);
    yield chunk({ tool_calls: [{ index: at, id, type: 'function', function: { name: call.name, arguments: '' } }] });
    for (const piece of call.pieces) yield chunk({ tool_calls: [{ index: at, function: { arguments: piece } }] });
  }
  yield chunk({}, FINISH[choice.stopped]);
}

/** One of each in turn, as several choices come. */
function interleaved<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}
