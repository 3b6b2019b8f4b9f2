// What a model "writes": the same core behind chat completions, responses and messages, so that their usage agrees with their text.
import type { Random } from './random.ts';
import { phrase, prose } from './words.ts';

/** What one image and one file that come by reference cost in tokens: far more than the bytes that name them. */
const IMAGE_TOKENS = 765;
const FILE_TOKENS = 1200;
const PREVIOUS_TOKENS = 900;
const IMAGE_TYPES = new Set(['image_url', 'input_image', 'image']);
const FILE_TYPES = new Set(['file', 'input_file', 'document']);

export interface ToolAsk {
  name: string;
  /** JSON Schema of its arguments. */
  schema: unknown;
}

export interface CompositionAsk {
  random: Random;
  /** The most tokens, reasoning included. */
  limit: number | undefined;
  tools: readonly ToolAsk[];
  choice: 'auto' | 'none' | 'required' | { name: string };
  parallel: boolean;
  reasons: boolean;
  /** Tokens to go past the limit: the fault `break-bound`. */
  past: number | undefined;
}

export interface Composition {
  reasoningTokens: number;
  /** One piece per token. */
  words: readonly string[];
  calls: readonly ToolCall[];
  /** All of it: reasoning, words and the arguments of calls. */
  tokens: number;
  stopped: 'end' | 'limit' | 'tools';
}

interface ToolCall {
  name: string;
  /** Pieces of JSON text, one per token. */
  pieces: readonly string[];
}

export function compose(ask: CompositionAsk): Composition {
  const { random, past } = ask;
  const natural = 12 + Math.floor(220 * random.next() ** 2);
  if (past !== undefined) {
    const words = prose(random, (ask.limit ?? natural) + past);
    return { reasoningTokens: 0, words, calls: [], tokens: words.length, stopped: 'end' };
  }
  const limit = ask.limit ?? Infinity;
  const reasoningTokens = ask.reasons ? Math.min(limit, random.whole(1, 6) * 32) : 0;
  const calls = toolCalls(ask);
  const callTokens = calls.reduce((sum, call) => sum + call.pieces.length, 0);
  if (calls.length > 0 && reasoningTokens + callTokens <= limit) {
    return { reasoningTokens, words: [], calls, tokens: reasoningTokens + callTokens, stopped: 'tools' };
  }
  const words = prose(random, Math.min(natural, limit - reasoningTokens));
  return {
    reasoningTokens,
    words,
    calls: [],
    tokens: reasoningTokens + words.length,
    stopped: words.length < natural ? 'limit' : 'end',
  };
}

/** Tokens of what was sent: a quarter of its characters, and what comes by reference at its own size. */
export function inputTokens(...parts: readonly unknown[]): number {
  let referred = 0;
  const text = JSON.stringify(parts, (_key, value: unknown) => {
    const { type } = (typeof value === 'object' && value !== null ? value : {}) as { type?: unknown };
    if (typeof type !== 'string' || !(IMAGE_TYPES.has(type) || FILE_TYPES.has(type))) return value;
    referred += IMAGE_TYPES.has(type) ? IMAGE_TOKENS : FILE_TOKENS;
    return '';
  });
  return Math.ceil(text.length / 4) + referred;
}

export function previousTokens(id: unknown): number {
  return typeof id === 'string' ? PREVIOUS_TOKENS : 0;
}

function toolCalls({ random, tools, choice, parallel }: CompositionAsk): ToolCall[] {
  const named = typeof choice === 'object' ? tools.filter((tool) => tool.name === choice.name) : tools;
  if (named.length === 0 || choice === 'none' || (choice === 'auto' && !random.chance(0.7))) return [];
  const count = parallel && typeof choice !== 'object' ? random.whole(1, 3) : 1;
  return Array.from({ length: count }, () => {
    const { name, schema } = random.pick(named);
    return { name, pieces: JSON.stringify(sample(schema, random) ?? {}).match(/.{1,5}/gsu) ?? [] };
  });
}

/** A value that fits a JSON Schema, as far as tools use it. */
function sample(schema: unknown, random: Random): unknown {
  const {
    type,
    enum: values,
    properties,
    items,
  } = (schema ?? {}) as {
    type?: unknown;
    enum?: unknown;
    properties?: Record<string, unknown>;
    items?: unknown;
  };
  if (Array.isArray(values)) return random.pick(values as unknown[]);
  if (type === 'object' || properties !== undefined) {
    return Object.fromEntries(Object.entries(properties ?? {}).map(([name, property]) => [name, sample(property, random)]));
  }
  if (type === 'array') return Array.from({ length: random.whole(1, 2) }, () => sample(items, random));
  if (type === 'integer' || type === 'number') return random.whole(1, 100);
  if (type === 'boolean') return random.chance(0.5);
  return phrase(random);
}
