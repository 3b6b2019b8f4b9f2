// OpenAI's embeddings: the input is all there is.
import { layOutWatches } from './json-watch.ts';
import type { Meter } from './meter.ts';
import { OPENAI_JSON } from './openai-usage.ts';
import { INPUT_QUANTITIES } from './usage-figures.ts';
import { createUsageReader, type Dialect } from './usage-reader.ts';

export const OPENAI_EMBEDDINGS: Meter = {
  name: 'openai-embeddings',
  tells: INPUT_QUANTITIES,
  tellsByName: [],
  prepare: () => ({ set: [], hideReport: false }),
  refersElsewhere: () => false,
  reader: (answer, request) => createUsageReader(EMBEDDINGS_DIALECT, answer, request),
};

const EMBEDDINGS_DIALECT: Dialect = {
  json: layOutWatches(OPENAI_JSON),
  event: () => 'other',
  toolName: () => undefined,
};
