// The content blocks and the usage of a message.
import type { MessagesAsk } from './anthropic.ts';
import { inputTokens, type Composition } from './composition.ts';
import type { Exchange } from './exchange.ts';
import type { Random } from './random.ts';
import type { Usage } from './usage.ts';

/** One content block: as a whole, as it looks at its start, and its deltas. */
export interface Block {
  whole: object;
  started: object;
  deltas: readonly object[];
}

/** @param serverTools tools that Anthropic runs itself; their use shows as blocks of their own type. */
export function contentOf(exchange: Exchange, composition: Composition, serverTools: ReadonlySet<string>): Block[] {
  const blocks: Block[] = [];
  if (composition.reasoningTokens > 0) {
    const signature = exchange.id('sig_', 40);
    blocks.push({
      whole: { type: 'thinking', thinking: 'Weighing the numbers.', signature },
      started: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        { type: 'thinking_delta', thinking: 'Weighing the numbers.' },
        { type: 'signature_delta', signature },
      ],
    });
  }
  for (const [at, call] of composition.calls.entries()) {
    const isServers = serverTools.has(call.name);
    const started = {
      type: isServers ? 'server_tool_use' : 'tool_use',
      id: exchange.id(`toolu_${at}`),
      name: call.name,
      input: {},
      caller: { type: 'direct' },
    };
    blocks.push({
      whole: { ...started, input: JSON.parse(call.pieces.join('')) as unknown },
      started,
      deltas: call.pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    });
    if (isServers) {
      const result = { type: `${call.name}_tool_result`, tool_use_id: started.id, content: [], caller: { type: 'direct' } };
      blocks.push({ whole: result, started: result, deltas: [] });
    }
  }
  if (composition.calls.length === 0) {
    blocks.push({
      whole: { type: 'text', text: composition.words.join(''), citations: null },
      started: { type: 'text', text: '', citations: null },
      deltas: composition.words.map((text) => ({ type: 'text_delta', text })),
    });
  }
  return blocks;
}

/** What is read from or written to the cache is not in `input_tokens`; it only happens where the request marks it. */
export function anthropicUsage(
  ask: MessagesAsk,
  composition: Composition,
  serverTools: ReadonlySet<string>,
  random: Random,
): Usage {
  const input = inputTokens(ask.messages, ask.system, ask.tools);
  const marks = JSON.stringify([ask.messages, ask.system, ask.tools]).includes('"cache_control"');
  const cached = marks ? Math.floor(input * (0.5 + random.next() / 2)) : 0;
  const isRead = random.chance(0.5);
  const served = composition.calls.filter(({ name }) => serverTools.has(name));
  const searches = served.filter(({ name }) => name === 'web_search').length;
  return {
    input_tokens: input - cached,
    cache_creation_input_tokens: isRead ? 0 : cached,
    cache_read_input_tokens: isRead ? cached : 0,
    cache_creation: { ephemeral_5m_input_tokens: isRead ? 0 : cached, ephemeral_1h_input_tokens: 0 },
    output_tokens: composition.tokens,
    output_tokens_details: composition.reasoningTokens > 0 ? { thinking_tokens: composition.reasoningTokens } : null,
    server_tool_use: served.length > 0 ? { web_search_requests: searches, web_fetch_requests: served.length - searches } : null,
    service_tier: 'standard',
    inference_geo: null,
    speed: 'standard',
  };
}
