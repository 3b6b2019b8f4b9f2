// The meters that a rate card can name. Another API's meter is one file beside this and one line here.
import { ANTHROPIC_MESSAGES } from './anthropic-messages.ts';
import type { Meter } from './meter.ts';
import { OPENAI } from './openai.ts';
import { OPENAI_CHAT } from './openai-chat.ts';
import { OPENAI_EMBEDDINGS } from './openai-embeddings.ts';
import { OPENAI_RESPONSES } from './openai-responses.ts';

/**
 * By name. `openai` tells chat completions, responses and embeddings apart by itself; `anthropic` reads messages.
 *
 * What the quantities mean, the same for all:
 * - `input_tokens`: all of the input = `uncached_input_tokens` + `cached_input_tokens` + `cache_write_tokens`;
 * - `output_tokens`: all of the output = `answer_tokens` + `reasoning_tokens`;
 * - `tool_calls`, by name: functions by their own names, the upstream's tools as `web_search`, `file_search`, `code_interpreter` …
 *
 * A card prices a whole or its parts, never both; a card that prices wholes alone gives nothing away.
 */
export const METERS: Readonly<Record<string, Meter>> = {
  openai: OPENAI,
  'openai-chat': OPENAI_CHAT,
  'openai-responses': OPENAI_RESPONSES,
  'openai-embeddings': OPENAI_EMBEDDINGS,
  anthropic: ANTHROPIC_MESSAGES,
};
