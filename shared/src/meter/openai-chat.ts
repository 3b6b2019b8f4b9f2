// OpenAI's chat completions, as JSON and as a stream, and the APIs that speak the same. Where a stream reports usage with every chunk
// the figures run; where it reports them in a chunk without choices they are final.
import { layOutWatches, type JsonWatch } from './json-watch.ts';
import type { Meter, MeterRequest } from './meter.ts';
import { OPENAI_JSON, readOpenAiUsage } from './openai-usage.ts';
import { contentRefersElsewhere, givesAny } from './references.ts';
import { TOOL_CALLS, type Tally } from './tally.ts';
import { elementsOf, fieldsOf, INPUT_QUANTITIES, OUTPUT_QUANTITIES, textOf } from './usage-figures.ts';
import { createUsageReader, type Dialect } from './usage-reader.ts';

export const OPENAI_CHAT: Meter = {
  name: 'openai-chat',
  tells: [...INPUT_QUANTITIES, ...OUTPUT_QUANTITIES],
  tellsByName: [TOOL_CALLS],
  prepare: prepareChat,
  refersElsewhere: chatRefersElsewhere,
  reader: (answer, request) => createUsageReader(CHAT_DIALECT, answer, request),
};

/** A client that switches the report off must not pay nothing, so it is always asked for, and hidden where the client did not ask. */
export function prepareChat(body: unknown): MeterRequest {
  const fields = fieldsOf(body);
  const asked = fieldsOf(fields['stream_options'])['include_usage'] === true;
  const ask = fields['stream'] === true && !asked;
  return {
    set: ask ? [{ field: 'body.stream_options.include_usage', value: true }] : [],
    hideReport: ask,
    hidesOutput: hidesReasoning(fields),
  };
}

/** Models that are known not to reason before they answer. Others may, without a word of it in the stream. */
const PLAIN_MODELS = /^(?:ft:)?(?:openai\/)?(?:gpt-3\.5|gpt-4|chatgpt-4o|davinci|babbage)/;

function hidesReasoning(fields: Readonly<Record<string, unknown>>): boolean {
  if (fields['reasoning_effort'] === 'none') return false;
  return !PLAIN_MODELS.test(textOf(fields['model']) ?? '');
}

export function chatRefersElsewhere(body: unknown): boolean {
  const fields = fieldsOf(body);
  if (givesAny(fields, ['web_search_options'])) return true;
  // An assistant's earlier audio is named by its id.
  const heard = elementsOf(fields['messages']).some((message) => givesAny(fieldsOf(message), ['audio']));
  return heard || contentRefersElsewhere(fields['messages']);
}

/** Tool calls by `choice/call`; each name is one call. */
export const CHAT_JSON: readonly JsonWatch<Tally>[] = ['function', 'custom']
  .map((kind): JsonWatch<Tally> => ({
    path: `response.choices[*].message.tool_calls[*].${kind}.name`,
    value: (tally, name, indexes) => nameItem(tally, indexes.join('/'), name),
  }))
  .concat({
    path: 'response.choices[*].message.function_call.name',
    value: (tally, name, [choice]) => nameItem(tally, `${choice}/function_call`, name),
  });

/** One chunk. `n` choices come mixed, told apart by their index. */
export function takeChatChunk(tally: Tally, chunk: Readonly<Record<string, unknown>>): 'report' | 'other' {
  const choices = elementsOf(chunk['choices']);
  for (const choice of choices) takeChoice(tally, fieldsOf(choice));
  const usage = chunk['usage'];
  if (usage === undefined || usage === null) return 'other';
  const reading = readOpenAiUsage(usage);
  if (choices.length > 0) {
    tally.running(reading);
    return 'other';
  }
  tally.final(reading, 'differs');
  tally.whole();
  return 'report';
}

function takeChoice(tally: Tally, choice: Readonly<Record<string, unknown>>): void {
  const delta = fieldsOf(choice['delta']);
  const index = placeOf(choice['index']);
  for (const said of [delta['content'], delta['refusal'], choice['text']]) tally.answer(said);
  // Two spellings of one text, where an upstream gives both.
  tally.reasoning(delta['reasoning_content'] ?? delta['reasoning']);
  const audio = fieldsOf(delta['audio']);
  for (const heard of [audio['transcript'], audio['data']]) tally.answer(heard);
  takeFunction(tally, `${index}/function_call`, delta['function_call']);
  for (const call of elementsOf(delta['tool_calls'])) takeToolCall(tally, index, fieldsOf(call));
}

function takeToolCall(tally: Tally, choice: string, call: Readonly<Record<string, unknown>>): void {
  const key = `${choice}/${placeOf(call['index'])}`;
  for (const kind of ['function', 'custom']) takeFunction(tally, key, call[kind], textOf(call['id']));
}

function takeFunction(tally: Tally, key: string, value: unknown, id?: string): void {
  const { name, arguments: written, input } = fieldsOf(value);
  for (const said of [name, written, input]) tally.answer(said);
  if (name !== '') nameItem(tally, key, name, id);
}

/** Some upstreams give parallel calls one index and tell them apart by id alone; the id comes with the name. */
function nameItem(tally: Tally, key: string, name: unknown, id?: string): void {
  if (typeof name === 'string') tally.item(key, id === undefined || id === '' ? { name } : { name, id });
}

function placeOf(index: unknown): string {
  return typeof index === 'number' ? String(index) : '0';
}

export const CHAT_DIALECT: Dialect = {
  json: layOutWatches([...OPENAI_JSON, ...CHAT_JSON]),
  event: takeChatChunk,
  toolName: ({ name }) => name,
};
