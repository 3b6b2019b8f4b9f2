// OpenAI's two usage objects: `prompt_tokens` of chat completions and embeddings, `input_tokens` of responses. In both the input includes
// what was cached and the output includes reasoning.
import type { JsonWatch } from './json-watch.ts';
import { parseJson } from './parse-json.ts';
import type { Reading, Tally } from './tally.ts';
import { faultUsage, fieldsOf, joinReadings, readSide } from './usage-figures.ts';

export function readOpenAiUsage(usage: unknown): Reading {
  const fields = fieldsOf(usage);
  const input = fieldsOf(fields['prompt_tokens_details'] ?? fields['input_tokens_details']);
  const output = fieldsOf(fields['completion_tokens_details'] ?? fields['output_tokens_details']);
  return joinReadings(
    readSide('input_tokens', 'uncached_input_tokens', {
      whole: fields['prompt_tokens'] ?? fields['input_tokens'],
      parts: { cached_input_tokens: input['cached_tokens'], cache_write_tokens: input['cache_write_tokens'] },
    }),
    readSide('output_tokens', 'answer_tokens', {
      whole: fields['completion_tokens'] ?? fields['output_tokens'],
      parts: { reasoning_tokens: output['reasoning_tokens'] },
    }),
  );
}

/** What every JSON answer of OpenAI has: its usage, once, and an error that may come with a 200. */
export const OPENAI_JSON: readonly JsonWatch<Tally>[] = [
  {
    path: 'response.usage',
    value: (tally, usage) => tally.final(readOpenAiUsage(usage), 'differs'),
    fault: (tally, found, text) => {
      const usage = parseJson(text);
      if (usage === undefined) faultUsage(tally, found);
      else tally.final(readOpenAiUsage(usage), 'differs');
    },
  },
  {
    path: 'response.error',
    value: (tally, error) => {
      if (error !== null) tally.fail();
    },
    fault: (tally) => tally.fail(),
  },
];
