// A calculator of its own: whole microcredits per unit, copied by hand from test/kit/rates.yaml, times what the upstream's log says that
// it told. It shares no code with pricing and knows nothing of quotes, bounds and meters.

const PER_TOKEN: Readonly<Record<string, readonly [input: number, output: number]>> = {
  'gpt-4o': [500, 2_000],
  'gpt-4o-mini': [30, 120],
  'text-embedding-3-small': [20, 0],
  'claude-sonnet-5': [600, 3_000],
};
const PER_TOOL: Readonly<Record<string, number>> = { web_search: 1_000_000, memory: 1_000_000, files: 3_000_000 };

/** @param usage as the upstream's own log has it, in either API's words; @returns microcredits */
export function reckon(model: string, usage: unknown, tools: readonly string[] = []): number {
  const told = usage as Readonly<Record<string, number | undefined>>;
  const [perInput, perOutput] = PER_TOKEN[model] ?? [Number.NaN, Number.NaN];
  const input =
    told['prompt_tokens'] ?? sum(told['input_tokens'], told['cache_creation_input_tokens'], told['cache_read_input_tokens']);
  const output = told['completion_tokens'] ?? told['output_tokens'] ?? 0;
  // A tool that the card does not name is charged like the dearest one.
  const called = tools.reduce((total, name) => total + (PER_TOOL[name] ?? 3_000_000), 0);
  return input * perInput + output * perOutput + called;
}

/** The same value without what differs from one request to the next: ids and times. */
export function comparable(value: unknown): unknown {
  const fleeting = new Set(['id', 'call_id', 'item_id', 'tool_use_id', 'created', 'created_at', '_request_id', 'signature']);
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (fleeting.has(key) ? '-' : inner)));
}

function sum(...parts: readonly (number | undefined)[]): number {
  return parts.reduce<number>((total, part) => total + (part ?? 0), 0);
}
