// OpenAI's way to say no, and which models there are.
import { json, type Answer } from './answer.ts';

export const MODELS = [
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-5',
  'gpt-5-mini',
  'o3',
  'o4-mini',
  'text-embedding-3-small',
  'text-embedding-3-large',
];

/** What arrives as an error after a 200. */
export const serverError = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
  param: null,
  code: null,
};

/** Dated names count as the model that they begin with. */
export function isModel(name: string): boolean {
  return MODELS.some((model) => name === model || name.startsWith(`${model}-20`));
}

export function reasons(model: string): boolean {
  return /^(o\d|gpt-5)/.test(model);
}

export function openAiError(
  status: number,
  message: string,
  type: string,
  param: string | null = null,
  code: string | null = null,
): Answer {
  return json({ error: { message, type, param, code } }, status);
}

export function invalid(message: string, param: string | null, code: string | null = null): Answer {
  return openAiError(400, message, 'invalid_request_error', param, code);
}

export function unknownModel(name: string): Answer {
  const message = `The model \`${name}\` does not exist or you do not have access to it.`;
  return openAiError(404, message, 'invalid_request_error', null, 'model_not_found');
}
