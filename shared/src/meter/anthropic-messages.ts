// Anthropic's messages, as JSON and as a stream. Their `input_tokens` exclude what was cached or written to the cache; here they are
// added, so that the quantities mean the same for every API. A stream tells its input at the start and its output, cumulative, at the end.
import { layOutWatches, type JsonWatch } from './json-watch.ts';
import type { Meter } from './meter.ts';
import { parseJson } from './parse-json.ts';
import { contentRefersElsewhere, givesAny } from './references.ts';
import { isCount, TOOL_CALLS, type Item, type Reading, type Tally } from './tally.ts';
import {
  elementsOf,
  faultUsage,
  fieldsOf,
  INPUT_QUANTITIES,
  joinReadings,
  OUTPUT_QUANTITIES,
  readSide,
  textOf,
} from './usage-figures.ts';
import { createUsageReader, type Dialect } from './usage-reader.ts';

export const ANTHROPIC_MESSAGES: Meter = {
  name: 'anthropic',
  tells: [...INPUT_QUANTITIES, ...OUTPUT_QUANTITIES],
  tellsByName: [TOOL_CALLS],
  prepare: () => ({ set: [], hideReport: false }),
  refersElsewhere,
  reader: (answer, request) => createUsageReader(createDialect(), answer, request),
};

/** Tools that the client runs: nothing comes into the input but what it sends. Others are the upstream's, with results of their own. */
const OWN_TOOLS = /^(?:custom$|bash_|text_editor_|memory_)/;

function refersElsewhere(body: unknown): boolean {
  const fields = fieldsOf(body);
  if (givesAny(fields, ['container', 'mcp_servers'])) return true;
  const foreign = (tool: unknown) => !OWN_TOOLS.test(textOf(fieldsOf(tool)['type']) ?? 'custom');
  return elementsOf(fields['tools']).some(foreign) || contentRefersElsewhere([fields['messages'], fields['system']]);
}

/** Sums the entries that the upstream bills beside the usage of the message: a compaction, an advisor. */
const BESIDE: ReadonlySet<unknown> = new Set(['compaction', 'advisor_message']);

function readUsage(usage: Readonly<Record<string, unknown>>): Reading {
  const sum = (name: string) => {
    const beside = elementsOf(usage['iterations']).map(fieldsOf);
    const more = beside.filter(({ type }) => BESIDE.has(type)).map((entry) => entry[name] ?? 0);
    return more.reduce((total, value) => (isCount(total) && isCount(value) ? total + value : value), usage[name]);
  };
  const parts = {
    cached_input_tokens: sum('cache_read_input_tokens'),
    cache_write_tokens: sum('cache_creation_input_tokens'),
  };
  const uncached = sum('input_tokens');
  const whole = [parts.cached_input_tokens, parts.cache_write_tokens].reduce(addPart, uncached);
  return joinReadings(
    readSide('input_tokens', 'uncached_input_tokens', { whole, parts }),
    readSide('output_tokens', 'answer_tokens', {
      whole: sum('output_tokens'),
      parts: { reasoning_tokens: fieldsOf(usage['output_tokens_details'])['thinking_tokens'] },
    }),
  );
}

/** A part that is no count leaves the whole without one: it must not pass for the sum of the others. */
function addPart(total: unknown, part: unknown): unknown {
  if (part === undefined || part === null || !isCount(total)) return total;
  return isCount(part) ? total + part : part;
}

function toolName({ kind, name }: Item): string | undefined {
  return kind?.endsWith('tool_use') === true ? name : undefined;
}

function takeServerTools(tally: Tally, usage: Readonly<Record<string, unknown>>): void {
  const billed = fieldsOf(usage['server_tool_use']);
  tally.billedTool('web_search', billed['web_search_requests']);
  tally.billedTool('web_fetch', billed['web_fetch_requests']);
}

function takeWhole(tally: Tally, usage: unknown): void {
  tally.final(readUsage(fieldsOf(usage)), 'differs');
  takeServerTools(tally, fieldsOf(usage));
}

const JSON_WATCHES = layOutWatches<Tally>([
  {
    path: 'response.usage',
    value: takeWhole,
    fault: (tally, found, text) => {
      const usage = parseJson(text);
      if (usage === undefined) faultUsage(tally, found);
      else takeWhole(tally, usage);
    },
  },
  {
    path: 'response.type',
    value: (tally, type) => {
      if (type === 'error') tally.fail();
    },
  },
  ...(['type', 'name'] as const).map((field): JsonWatch<Tally> => ({
    path: `response.content[*].${field}`,
    value: (tally, value, [index]) => {
      if (typeof value === 'string') tally.item(String(index), field === 'type' ? { kind: value } : { name: value });
    },
  })),
]);

/** A stream's usage comes in two events, of which the second may leave out what did not change: one dialect for each answer. */
function createDialect(): Dialect {
  let usage: Readonly<Record<string, unknown>> = {};

  function takeUsage(tally: Tally, more: unknown): Reading {
    const told = Object.entries(fieldsOf(more)).filter(([, value]) => value !== null);
    usage = { ...usage, ...Object.fromEntries(told) };
    takeServerTools(tally, usage);
    return readUsage(usage);
  }

  function takeStart(tally: Tally, message: Readonly<Record<string, unknown>>): void {
    const reading = takeUsage(tally, message['usage']);
    tally.running(reading);
    // No message has an input of nothing: some upstreams put a zero here and the figure at the end.
    if (reading.figures['input_tokens'] === 0) return;
    const input = Object.entries(reading.figures).filter(([name]) => INPUT_QUANTITIES.some((quantity) => quantity === name));
    tally.final({ figures: Object.fromEntries(input), problems: [] }, 'wins');
  }

  function takeEvent(tally: Tally, event: Readonly<Record<string, unknown>>): 'other' {
    const type = event['type'];
    if (type === 'message_start') takeStart(tally, fieldsOf(event['message']));
    else if (type === 'content_block_start') takeBlock(tally, String(event['index']), fieldsOf(event['content_block']));
    else if (type === 'content_block_delta') takeDelta(tally, fieldsOf(event['delta']));
    else if (type === 'message_delta') {
      const reading = takeUsage(tally, event['usage']);
      if (textOf(fieldsOf(event['delta'])['stop_reason']) === undefined) tally.running(reading);
      else tally.final(reading, 'wins');
    } else if (type === 'message_stop') tally.whole();
    return 'other';
  }

  return { json: JSON_WATCHES, event: takeEvent, toolName };
}

function takeBlock(tally: Tally, index: string, block: Readonly<Record<string, unknown>>): void {
  const kind = textOf(block['type']) ?? '';
  if (kind.includes('thinking')) {
    // What is delivered of thinking may be a summary of what is billed, or nothing.
    tally.hide();
    tally.reasoning(block['thinking']);
  } else if (kind.endsWith('tool_result')) {
    // What a tool of the upstream gave back is input to what follows: the figure of the start is no longer the last.
    tally.reopen(INPUT_QUANTITIES);
  } else for (const said of [block['text'], block['name'], writtenInput(block), block['content']]) tally.answer(said);
  const name = textOf(block['name']);
  tally.item(index, name === undefined ? { kind } : { kind, name });
}

function takeDelta(tally: Tally, delta: Readonly<Record<string, unknown>>): void {
  tally.reasoning(delta['thinking']);
  for (const said of [delta['text'], delta['partial_json'], delta['content']]) tally.answer(said);
}

/** Mostly empty, with the text in deltas; some upstreams send it whole. */
function writtenInput({ input }: Readonly<Record<string, unknown>>): unknown {
  return Object.keys(fieldsOf(input)).length > 0 ? input : undefined;
}
