// POST /v1/responses, as JSON and as an event stream.
import { eventStream, serverSentEvent, type Answer } from './answer.ts';
import { compose, inputTokens, previousTokens, type Composition, type CompositionAsk, type ToolAsk } from './composition.ts';
import type { Exchange } from './exchange.ts';
import { faultNumber } from './faults.ts';
import { invalid, isModel, reasons, serverError, unknownModel } from './openai-error.ts';
import type { Random } from './random.ts';
import { tellings, withUsage, type Usage } from './usage.ts';

const LEAST_LIMIT = 16;
const LIED_ABOUT = ['output_tokens', 'total_tokens'];

interface ResponsesAsk {
  model?: unknown;
  input?: unknown;
  instructions?: string | null;
  max_output_tokens?: number | null;
  stream?: boolean | null;
  tools?: readonly { type?: string; name?: string; parameters?: unknown }[] | null;
  tool_choice?: CompositionAsk['choice'] | null;
  parallel_tool_calls?: boolean | null;
  previous_response_id?: string | null;
}

/** @returns a response whose usage agrees with its output, or a refusal in OpenAI's words. */
export async function modelResponse(exchange: Exchange): Promise<Answer> {
  const ask = (await exchange.object()) as ResponsesAsk | undefined;
  if (ask === undefined) return invalid('We could not parse the JSON body of your request.', null);
  if (typeof ask.model !== 'string')
    return invalid("Missing required parameter: 'model'.", 'model', 'missing_required_parameter');
  if (!isModel(ask.model)) return unknownModel(ask.model);
  if (ask.input === undefined) return invalid("Missing required parameter: 'input'.", 'input', 'missing_required_parameter');
  const limit = ask.max_output_tokens ?? undefined;
  if (limit !== undefined && (!Number.isInteger(limit) || limit < LEAST_LIMIT)) {
    return invalid(
      `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= ${LEAST_LIMIT}.`,
      'max_output_tokens',
    );
  }
  const random = await exchange.chance();
  const composition = compose({
    random,
    limit,
    tools: (ask.tools ?? []).map<ToolAsk>(({ name, type, parameters }) => ({ name: name ?? type ?? 'tool', schema: parameters })),
    choice: ask.tool_choice ?? 'auto',
    parallel: ask.parallel_tool_calls !== false,
    reasons: reasons(ask.model),
    past: faultNumber(exchange.faults, 'break-bound', 64),
  });
  const reports = tellings(usageOf(ask, composition, random), exchange.faults, LIED_ABOUT);
  const items = itemsOf(
    exchange,
    composition,
    new Set((ask.tools ?? []).flatMap(({ name, type }) => (name === undefined ? [String(type)] : []))),
  );
  const shell = shellOf(exchange, ask);
  const done = finished(shell, composition, items);
  if (ask.stream === true) return eventStream(stream(exchange, shell, done, items, reports));
  return { status: 200, headers: { 'content-type': 'application/json' }, body: withUsage(done, reports), tells: reports.at(-1) };
}

function usageOf(ask: ResponsesAsk, composition: Composition, random: Random): Usage {
  const input = inputTokens(ask.input, ask.instructions, ask.tools) + previousTokens(ask.previous_response_id);
  const cached = random.chance(0.5) ? Math.floor((input * random.next()) / 16) * 16 : 0;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
    output_tokens: composition.tokens,
    output_tokens_details: { reasoning_tokens: composition.reasoningTokens },
    total_tokens: input + composition.tokens,
  };
}

function shellOf(exchange: Exchange, ask: ResponsesAsk): Record<string, unknown> {
  return {
    id: exchange.id('resp_'),
    object: 'response',
    created_at: Math.floor(exchange.around.now() / 1000),
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    instructions: ask.instructions ?? null,
    max_output_tokens: ask.max_output_tokens ?? null,
    metadata: {},
    model: ask.model,
    output: [],
    parallel_tool_calls: ask.parallel_tool_calls !== false,
    previous_response_id: ask.previous_response_id ?? null,
    temperature: 1,
    tool_choice: ask.tool_choice ?? 'auto',
    tools: ask.tools ?? [],
    top_p: 1,
  };
}

function finished(shell: Record<string, unknown>, composition: Composition, items: readonly Item[]): Record<string, unknown> {
  const cut = composition.stopped === 'limit';
  return {
    ...shell,
    status: cut ? 'incomplete' : 'completed',
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    output: items.map(({ whole }) => whole),
  };
}

/** One output item: as a whole, as it looks at its start, and its pieces. */
interface Item {
  whole: { id: string; type: string; [field: string]: unknown };
  started: object;
  text: readonly string[] | undefined;
  arguments: readonly string[] | undefined;
}

/** @param builtIn tools that OpenAI runs itself; they show as items of their own type. */
function itemsOf(exchange: Exchange, composition: Composition, builtIn: ReadonlySet<string>): Item[] {
  const items: Item[] = [];
  if (composition.reasoningTokens > 0) {
    const whole = { id: exchange.id('rs_'), type: 'reasoning', summary: [] };
    items.push({ whole, started: whole, text: undefined, arguments: undefined });
  }
  for (const [at, call] of composition.calls.entries()) {
    const id = exchange.id(`fc_${at}`);
    if (builtIn.has(call.name)) {
      const whole = {
        id,
        type: `${call.name.replace(/_preview$/, '')}_call`,
        status: 'completed',
        action: { type: 'search', query: call.pieces.join('') },
      };
      items.push({ whole, started: { ...whole, status: 'in_progress' }, text: undefined, arguments: undefined });
      continue;
    }
    const started = {
      id,
      type: 'function_call',
      status: 'in_progress',
      name: call.name,
      call_id: exchange.id(`call_${at}`),
      arguments: '',
    };
    items.push({
      whole: { ...started, status: 'completed', arguments: call.pieces.join('') },
      started,
      text: undefined,
      arguments: call.pieces,
    });
  }
  if (composition.calls.length === 0) {
    const started = { id: exchange.id('msg_'), type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    const part = { type: 'output_text', annotations: [], logprobs: [], text: composition.words.join('') };
    const status = composition.stopped === 'limit' ? 'incomplete' : 'completed';
    items.push({
      whole: { ...started, status, content: [part] },
      started,
      text: composition.words,
      arguments: undefined,
    });
  }
  return items;
}

function* stream(
  exchange: Exchange,
  shell: Record<string, unknown>,
  done: Record<string, unknown>,
  items: readonly Item[],
  reports: readonly Usage[],
): Generator<string> {
  let sequence = 0;
  const event = (type: string, fields: object): string => serverSentEvent({ type, ...fields, sequence_number: sequence++ }, type);
  yield event('response.created', { response: shell });
  yield event('response.in_progress', { response: shell });
  for (const [index, item] of items.entries()) {
    for (const [type, fields] of itemEvents(item, index)) yield event(type, fields);
    if (exchange.faults.has('error-event')) {
      yield event('error', { code: serverError.type, message: serverError.message, param: null });
      return;
    }
  }
  const type = done['status'] === 'incomplete' ? 'response.incomplete' : 'response.completed';
  for (const usage of reports.length === 0 ? [undefined] : reports) {
    if (usage !== undefined) exchange.tell(usage);
    yield event(type, { response: usage === undefined ? done : { ...done, usage } });
  }
}

function* itemEvents(item: Item, index: number): Generator<[type: string, fields: object]> {
  const place = { item_id: item.whole.id, output_index: index };
  yield ['response.output_item.added', { output_index: index, item: item.started }];
  if (item.text !== undefined) {
    const text = item.text.join('');
    const part = { type: 'output_text', annotations: [], logprobs: [] };
    yield ['response.content_part.added', { ...place, content_index: 0, part: { ...part, text: '' } }];
    for (const delta of item.text) yield ['response.output_text.delta', { ...place, content_index: 0, delta, logprobs: [] }];
    yield ['response.output_text.done', { ...place, content_index: 0, text, logprobs: [] }];
    yield ['response.content_part.done', { ...place, content_index: 0, part: { ...part, text } }];
  }
  if (item.arguments !== undefined) {
    for (const delta of item.arguments) yield ['response.function_call_arguments.delta', { ...place, delta }];
    yield ['response.function_call_arguments.done', { ...place, arguments: item.arguments.join('') }];
  }
  yield ['response.output_item.done', { output_index: index, item: item.whole }];
}
