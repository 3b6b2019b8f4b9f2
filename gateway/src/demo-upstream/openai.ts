// OpenAI's API: chat completions, responses, embeddings, models and files.
import { json, type Answer } from './answer.ts';
import type { Api } from './api.ts';
import { inputTokens } from './composition.ts';
import type { Exchange } from './exchange.ts';
import { keepNewest } from './keep-newest.ts';
import { chatCompletion } from './openai-chat.ts';
import { invalid, isModel, MODELS, openAiError, unknownModel } from './openai-error.ts';
import { modelResponse } from './openai-responses.ts';
import { random } from './random.ts';
import { tellings, withUsage } from './usage.ts';

/** Files live in memory, without their content; the oldest go first. */
const FILES_MAX = 1000;
const DIMENSIONS_MAX = 3072;

export function openAi(): Api {
  const files = new Map<string, object>();
  return {
    owns: (path) => /^\/v1\/(chat\/completions|responses|embeddings|models|files)(\/|$)/.test(path),
    refuse: (status, message) =>
      openAiError(
        status,
        message,
        status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error',
      ),
    answer: async (exchange) => {
      const key = /^Bearer (.*)$/.exec(exchange.header('authorization') ?? '')?.[1];
      if (key === undefined) return unauthorized("You didn't provide an API key.", null);
      if (!key.startsWith('sk-demo'))
        return unauthorized(`Incorrect API key provided: ${key.slice(0, 8)}***.`, 'invalid_api_key');
      switch (`${exchange.method} ${exchange.path}`) {
        case 'POST /v1/chat/completions':
          return chatCompletion(exchange);
        case 'POST /v1/responses':
          return modelResponse(exchange);
        case 'POST /v1/embeddings':
          return embeddings(exchange);
        case 'POST /v1/files':
          return upload(exchange, files);
        default:
          return lookUp(exchange, files);
      }
    },
  };
}

function unauthorized(message: string, code: string | null): Answer {
  return openAiError(401, message, 'invalid_request_error', null, code);
}

async function embeddings(exchange: Exchange): Promise<Answer> {
  const ask = (await exchange.object()) as
    | { model?: unknown; input?: unknown; dimensions?: number; encoding_format?: string }
    | undefined;
  if (ask === undefined) return invalid('We could not parse the JSON body of your request.', null);
  if (typeof ask.model !== 'string') return invalid('you must provide a model parameter', 'model');
  if (!isModel(ask.model) || !ask.model.startsWith('text-embedding')) return unknownModel(ask.model);
  const { input } = ask;
  // A list of numbers is one input, given as tokens.
  const inputs: unknown[] = Array.isArray(input) && typeof input[0] !== 'number' ? (input as unknown[]) : [input];
  if (inputs.length === 0 || inputs.some((one) => one === undefined || one === null || one === '')) {
    return invalid("'$.input' is invalid. Please check the API reference.", 'input');
  }
  const dimensions = ask.dimensions ?? (ask.model.endsWith('large') ? 3072 : 1536);
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > DIMENSIONS_MAX) {
    return invalid(`Invalid 'dimensions': expected an integer from 1 to ${DIMENSIONS_MAX}.`, 'dimensions');
  }
  const data = inputs.map((one, index) => ({
    object: 'embedding',
    index,
    embedding: embedding(exchange, one, dimensions, ask.encoding_format),
  }));
  const tokens = inputs.reduce<number>((sum, one) => sum + (Array.isArray(one) ? one.length : inputTokens(one)), 0);
  const reports = tellings({ prompt_tokens: tokens, total_tokens: tokens }, exchange.faults, ['prompt_tokens', 'total_tokens']);
  const body = withUsage({ object: 'list', data, model: ask.model }, reports);
  return { status: 200, headers: { 'content-type': 'application/json' }, body, tells: reports.at(-1) };
}

/** A unit vector that depends on the text alone. */
function embedding(exchange: Exchange, input: unknown, dimensions: number, format: string | undefined): number[] | string {
  const chance = random(exchange.around.seed, JSON.stringify(input));
  const raw = Array.from({ length: dimensions }, () => chance.next() * 2 - 1);
  const norm = Math.hypot(...raw);
  const vector = raw.map((value) => Math.fround(value / norm));
  return format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
}

async function upload(exchange: Exchange, files: Map<string, object>): Promise<Answer> {
  const contentType = exchange.header('content-type') ?? '';
  if (!contentType.startsWith('multipart/form-data')) return invalid("'file' is a required property", 'file');
  const form = await new Response(new Uint8Array(await exchange.body()), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined);
  const file = form?.get('file');
  if (!(file instanceof File)) return invalid("'file' is a required property", 'file');
  const id = exchange.id('file-');
  const purpose = form?.get('purpose');
  files.set(id, {
    id,
    object: 'file',
    bytes: file.size,
    created_at: Math.floor(exchange.around.now() / 1000),
    filename: file.name,
    purpose: typeof purpose === 'string' ? purpose : 'user_data',
    status: 'processed',
  });
  keepNewest(files, FILES_MAX);
  return json(files.get(id));
}

function lookUp(exchange: Exchange, files: ReadonlyMap<string, object>): Answer {
  const [, , kind, id] = exchange.path.split('/');
  const model = (name: string): object => ({ id: name, object: 'model', created: 1_715_367_049, owned_by: 'system' });
  if (exchange.method === 'GET' && kind === 'models') {
    if (id === undefined) return json({ object: 'list', data: MODELS.map(model) });
    return isModel(id) ? json(model(id)) : unknownModel(id);
  }
  if (exchange.method === 'GET' && kind === 'files') {
    if (id === undefined) return json({ object: 'list', data: [...files.values()], has_more: false });
    const file = files.get(id);
    return file === undefined ? openAiError(404, `No such File object: ${id}`, 'invalid_request_error', 'id') : json(file);
  }
  return openAiError(404, `Invalid URL (${exchange.method} ${exchange.path})`, 'invalid_request_error');
}
