// The meter that tells OpenAI's APIs apart by what they say, for a card that prices all of them alike.
import { layOutWatches } from './json-watch.ts';
import type { Meter } from './meter.ts';
import { CHAT_JSON, chatRefersElsewhere, OPENAI_CHAT, prepareChat, takeChatChunk } from './openai-chat.ts';
import {
  OPENAI_RESPONSES,
  OVERLONG_EVENT,
  responsesRefersElsewhere,
  responsesToolName,
  responseWatches,
  takeResponseEvent,
} from './openai-responses.ts';
import { OPENAI_JSON } from './openai-usage.ts';
import { fieldsOf, textOf } from './usage-figures.ts';
import { createUsageReader, type Dialect } from './usage-reader.ts';

export const OPENAI: Meter = {
  name: 'openai',
  tells: OPENAI_CHAT.tells,
  tellsByName: OPENAI_CHAT.tellsByName,
  prepare: (body) => (isChat(body) ? prepareChat(body) : OPENAI_RESPONSES.prepare(body)),
  refersElsewhere: (body) => (isChat(body) ? chatRefersElsewhere(body) : responsesRefersElsewhere(body)),
  reader: (answer, request) => createUsageReader(OPENAI_DIALECT, answer, request),
};

/** A body with `messages`, or with the plain text that legacy completions took. Embeddings and responses have an `input`. */
function isChat(body: unknown): boolean {
  const { messages, prompt } = fieldsOf(body);
  return messages !== undefined || typeof prompt === 'string' || Array.isArray(prompt);
}

const OPENAI_DIALECT: Dialect = {
  json: layOutWatches([...OPENAI_JSON, ...CHAT_JSON, ...responseWatches('response')]),
  overlong: OVERLONG_EVENT,
  event: (tally, value) =>
    textOf(value['type'])?.startsWith('response.') === true ? takeResponseEvent(tally, value) : takeChatChunk(tally, value),
  // An item of a response has a kind, a tool call of a chat has none.
  toolName: (item) => (item.kind === undefined ? item.name : responsesToolName(item)),
};
