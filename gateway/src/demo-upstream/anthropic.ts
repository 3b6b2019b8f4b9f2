// Anthropic's API: messages, as JSON and as an event stream.
import { eventStream, json, serverSentEvent, type Answer } from './answer.ts';
import { anthropicUsage, contentOf, type Block } from './anthropic-content.ts';
import type { Api } from './api.ts';
import { compose, type CompositionAsk } from './composition.ts';
import type { Exchange } from './exchange.ts';
import { faultNumber } from './faults.ts';
import { tellings, withUsage, type Usage } from './usage.ts';

const THINKING_LEAST_TOKENS = 1024;
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

export interface MessagesAsk {
  model?: unknown;
  messages?: unknown;
  system?: unknown;
  max_tokens?: unknown;
  stream?: boolean;
  tools?: readonly { name: string; type?: string; input_schema?: unknown }[];
  tool_choice?: { type: 'auto' | 'any' | 'none' | 'tool'; name?: string; disable_parallel_tool_use?: boolean };
  thinking?: { type: string; budget_tokens?: number };
}

export function anthropic(): Api {
  return {
    owns: (path) => /^\/v1\/messages(\/|$)/.test(path),
    refuse,
    answer: async (exchange) => {
      // Its SDK sends the key as a bearer from 1.0 on; curl and older ones send the header.
      const key = exchange.header('x-api-key') ?? /^Bearer (.*)$/.exec(exchange.header('authorization') ?? '')?.[1];
      if (key === undefined) return refuse(401, 'x-api-key header is required');
      if (!key.startsWith('sk-ant-demo')) return refuse(401, 'invalid x-api-key');
      if (exchange.header('anthropic-version') === undefined) return refuse(400, 'anthropic-version: header is required');
      if (exchange.method !== 'POST' || exchange.path !== '/v1/messages') return refuse(404, 'Not found');
      return message(exchange);
    },
  };
}

function refuse(status: number, text: string): Answer {
  const type = ERROR_TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return json({ type: 'error', error: { type, message: text }, request_id: null }, status);
}

async function message(exchange: Exchange): Promise<Answer> {
  const ask = (await exchange.object()) as MessagesAsk | undefined;
  if (ask === undefined) return refuse(400, 'The request body is not valid JSON.');
  const { max_tokens: limit } = ask;
  if (typeof ask.model !== 'string') return refuse(400, 'model: Field required');
  if (!ask.model.startsWith('claude-')) return refuse(404, `model: ${ask.model}`);
  if (!Array.isArray(ask.messages) || ask.messages.length === 0) return refuse(400, 'messages: at least one message is required');
  if (limit === undefined) return refuse(400, 'max_tokens: Field required');
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0) {
    return refuse(400, 'max_tokens: Input should be a valid integer, greater than or equal to 0');
  }
  const budget = ask.thinking?.type === 'enabled' ? (ask.thinking.budget_tokens ?? 0) : undefined;
  if (budget !== undefined && (budget < THINKING_LEAST_TOKENS || budget >= limit)) {
    return refuse(400, `thinking.budget_tokens: must be at least ${THINKING_LEAST_TOKENS} and less than max_tokens`);
  }
  const random = await exchange.chance();
  const composition = compose({
    random,
    limit,
    tools: (ask.tools ?? []).map(({ name, input_schema: schema }) => ({ name, schema })),
    choice: choiceOf(ask),
    parallel: ask.tool_choice?.disable_parallel_tool_use !== true,
    reasons: budget !== undefined || ask.thinking?.type === 'adaptive',
    past: faultNumber(exchange.faults, 'break-bound', 64),
  });
  const serverTools = new Set(
    (ask.tools ?? []).filter(({ type }) => type !== undefined && type !== 'custom').map(({ name }) => name),
  );
  const blocks = contentOf(exchange, composition, serverTools);
  const calls = composition.calls.filter(({ name }) => !serverTools.has(name));
  const stopReason = composition.stopped === 'limit' ? 'max_tokens' : calls.length > 0 ? 'tool_use' : 'end_turn';
  const usage = anthropicUsage(ask, composition, serverTools, random);
  const reports = tellings(usage, exchange.faults, ['output_tokens']);
  const shell = {
    id: exchange.id('msg_'),
    type: 'message',
    role: 'assistant',
    model: ask.model,
    container: null,
    diagnostics: null,
  };
  const headers = { 'request-id': exchange.id('req_') };
  if (ask.stream === true) return eventStream(stream(exchange, shell, blocks, stopReason, reports), headers);
  const body = {
    ...shell,
    content: blocks.map(({ whole }) => whole),
    stop_reason: stopReason,
    stop_sequence: null,
    stop_details: null,
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: withUsage(body, reports),
    tells: reports.at(-1),
  };
}

function choiceOf({ tool_choice: choice }: MessagesAsk): CompositionAsk['choice'] {
  if (choice === undefined || choice.type === 'auto') return 'auto';
  if (choice.type === 'tool') return { name: choice.name ?? '' };
  return choice.type === 'any' ? 'required' : 'none';
}

/** The usage of `message_start` is a first word; that of `message_delta` is cumulative and replaces it. */
function* stream(
  exchange: Exchange,
  shell: object,
  blocks: readonly Block[],
  stopReason: string,
  reports: readonly Usage[],
): Generator<string> {
  const event = (type: string, fields: object): string => serverSentEvent({ type, ...fields }, type);
  const first = reports.length === 0 ? {} : { usage: { ...reports[0], output_tokens: 1 } };
  if (reports.length > 0) exchange.tell({ ...reports[0], output_tokens: 1 });
  yield event('message_start', {
    message: { ...shell, content: [], stop_reason: null, stop_sequence: null, stop_details: null, ...first },
  });
  for (const [index, block] of blocks.entries()) {
    yield event('content_block_start', { index, content_block: block.started });
    if (index === 0) yield event('ping', {});
    for (const [at, delta] of block.deltas.entries()) {
      if (exchange.faults.has('error-event') && at >= block.deltas.length / 2) {
        yield event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
        return;
      }
      yield event('content_block_delta', { index, delta });
    }
    yield event('content_block_stop', { index });
  }
  for (const usage of reports.length === 0 ? [undefined] : reports) {
    if (usage !== undefined) exchange.tell(usage);
    yield event('message_delta', {
      delta: { container: null, stop_reason: stopReason, stop_sequence: null, stop_details: null },
      ...(usage === undefined ? {} : { usage }),
    });
  }
  yield event('message_stop', {});
}
