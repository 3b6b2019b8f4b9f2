// OpenAI's responses, as JSON and as a stream. The stream's last event (completed, incomplete or failed) carries the whole response with
// its usage; nothing has to be asked for.
import { layOutWatches, type JsonWatch } from './json-watch.ts';
import type { Meter } from './meter.ts';
import { OPENAI_JSON, readOpenAiUsage } from './openai-usage.ts';
import { contentRefersElsewhere, givesAny } from './references.ts';
import { TOOL_CALLS, type Item, type Tally } from './tally.ts';
import { elementsOf, fieldsOf, INPUT_QUANTITIES, OUTPUT_QUANTITIES, textOf } from './usage-figures.ts';
import { createUsageReader, type Dialect } from './usage-reader.ts';

export const OPENAI_RESPONSES: Meter = {
  name: 'openai-responses',
  tells: [...INPUT_QUANTITIES, ...OUTPUT_QUANTITIES],
  tellsByName: [TOOL_CALLS],
  prepare: () => ({ set: [], hideReport: false }),
  refersElsewhere: responsesRefersElsewhere,
  reader: (answer, request) => createUsageReader(RESPONSES_DIALECT, answer, request),
};

const OWN_TOOLS: ReadonlySet<unknown> = new Set(['function', 'custom', 'namespace', 'local_shell', 'apply_patch']);

/** A tool that the upstream runs brings its results into the input, so it refers elsewhere as well. */
export function responsesRefersElsewhere(body: unknown): boolean {
  const fields = fieldsOf(body);
  if (givesAny(fields, ['previous_response_id', 'conversation', 'prompt'])) return true;
  if (elementsOf(fields['tools']).some((tool) => !OWN_TOOLS.has(fieldsOf(tool)['type']))) return true;
  return contentRefersElsewhere(fields['input']);
}

/**
 * `function_call` by its own name, `web_search_call` as `web_search`, and so on. Of web searches only searching is billed: what opens
 * or searches a page is `web_search.open_page`.
 */
export function responsesToolName({ kind, name, action }: Item): string | undefined {
  if (kind === 'function_call' || kind === 'custom_tool_call' || kind === 'mcp_call') return name;
  const tool = /^(.+)_call$/.exec(kind ?? '')?.[1];
  return tool === 'web_search' && action !== undefined && action !== 'search' ? `${tool}.${action}` : tool;
}

/** What a response tells, below `response` for a JSON answer and below `response.response` inside an event. */
export function responseWatches(below: string): readonly JsonWatch<Tally>[] {
  const detail = (path: string, of: (text: string) => Item): JsonWatch<Tally> => ({
    path: `${below}.output[*]${path}`,
    value: (tally, value, [index]) => {
      if (typeof value === 'string') tally.item(String(index), of(value));
    },
  });
  return [
    detail('.type', (kind) => ({ kind })),
    detail('.name', (name) => ({ name })),
    detail('.action.type', (action) => ({ action })),
    {
      path: `${below}.tool_usage.web_search.num_requests`,
      value: (tally, count) => tally.billedTool('web_search', count),
    },
    {
      path: `${below}.status`,
      value: (tally, status) => {
        if (status === 'failed') tally.fail();
      },
    },
  ];
}

const LAST_EVENTS: ReadonlySet<unknown> = new Set(
  ['completed', 'incomplete', 'failed', 'cancelled'].map((last) => `response.${last}`),
);
/** Items whose text comes in deltas, or that hold no text of the model. */
const TOLD_BY_DELTAS: ReadonlySet<unknown> = new Set(
  ['message', 'reasoning', 'image_generation_call'].concat(
    ['function_call', 'custom_tool_call', 'mcp_call', 'code_interpreter_call'], // whose names are counted when they are added
  ),
);

export function takeResponseEvent(tally: Tally, event: Readonly<Record<string, unknown>>): 'other' {
  const type = textOf(event['type']) ?? '';
  if (type.endsWith('.delta')) {
    if (type.startsWith('response.reasoning')) tally.reasoning(event['delta']);
    else tally.answer(event['delta']);
  } else if (type === 'response.output_item.added' || type === 'response.output_item.done') {
    takeItem(tally, String(event['output_index']), fieldsOf(event['item']), type.endsWith('.done'));
  } else if (LAST_EVENTS.has(type)) takeLast(tally, type, fieldsOf(event['response']));
  return 'other';
}

function takeItem(tally: Tally, key: string, item: Readonly<Record<string, unknown>>, done: boolean): void {
  const kind = textOf(item['type']);
  if (kind === 'reasoning') tally.hide();
  if (!done) tally.answer(item['name']);
  else if (!TOLD_BY_DELTAS.has(kind)) tally.answer(item);
  tally.item(key, itemOf(item));
}

function takeLast(tally: Tally, type: string, response: Readonly<Record<string, unknown>>): void {
  if (type === 'response.failed' || response['status'] === 'failed') tally.fail();
  if (fieldsOf(response['usage']) === response['usage']) tally.final(readOpenAiUsage(response['usage']), 'differs');
  const output = elementsOf(response['output']);
  if (output.length > 0) tally.itemsAnew();
  for (const [index, item] of output.entries()) tally.item(String(index), itemOf(fieldsOf(item)));
  tally.billedTool('web_search', fieldsOf(fieldsOf(response['tool_usage'])['web_search'])['num_requests']);
  tally.whole();
}

function itemOf(item: Readonly<Record<string, unknown>>): Item {
  const details = { kind: textOf(item['type']), name: textOf(item['name']), action: textOf(fieldsOf(item['action'])['type']) };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

/** An event that holds generated images can be longer than any that is read whole; its usage still counts. */
export const OVERLONG_EVENT = layOutWatches<Tally>([
  {
    path: 'response.response.usage',
    value: (tally, usage) => {
      if (usage === null) return;
      tally.final(readOpenAiUsage(usage), 'differs');
      tally.whole();
    },
  },
  ...responseWatches('response.response'),
]);

export const RESPONSES_DIALECT: Dialect = {
  json: layOutWatches([...OPENAI_JSON, ...responseWatches('response')]),
  overlong: OVERLONG_EVENT,
  event: takeResponseEvent,
  toolName: responsesToolName,
};
