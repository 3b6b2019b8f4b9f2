// What one answer has told so far: reported figures, upper counts of what was delivered, calls of tools, and reports that make no sense.
import type { Measurement, Quantities } from '../facts.ts';
import { utf8Length } from './utf8-length.ts';

type Problem = Measurement['problems'][number];

/** Figures read from one usage object, under our names, with what could not be read. */
export interface Reading {
  figures: Readonly<Record<string, number>>;
  problems: readonly Problem[];
}

/** A tool call or another item of an answer, put together from what names it. */
export interface Item {
  /** Tells items apart that come under one key. */
  id?: string;
  kind?: string;
  name?: string;
  action?: string;
}

export const TOOL_CALLS = 'tool_calls';
/** More items than this are not told apart: their quantity counts as missing. */
const ITEMS_MOST = 10_000;

/** What one answer has told so far. */
export class Tally {
  readonly #streams: boolean;
  readonly #status: number;
  readonly #toolName: (item: Item) => string | undefined;
  readonly #final = new Map<string, number>();
  readonly #running = new Map<string, number>();
  readonly #items = new Map<string, Item>();
  readonly #billed = new Map<string, number>();
  readonly #problems = new Map<string, string>();
  readonly #bytes = { answer: 0, reasoning: 0 };
  #hidden = false;
  #failed = false;
  #whole = false;
  /** What `soFar` gave, until something new is told. */
  #known: Quantities | undefined;

  /**
   * @param streams whether the answer is a stream, of which received counts are kept.
   * @param status of the answer; the usage of an error answer is not believed.
   * @param toolName the name that an item's tool is priced by; undefined for items that are no tool calls.
   */
  constructor(streams: boolean, status: number, toolName: (item: Item) => string | undefined) {
    this.#streams = streams;
    this.#status = status;
    this.#toolName = toolName;
  }

  /** Figures that may still grow: they are a lower bound until the end. A newer reading takes the place of an older one. */
  running(reading: Reading): void {
    this.#take(reading, this.#running, false);
  }

  /** Figures that are final. `again`: `differs` where a second, different value is a fault; `wins` where they are cumulative. */
  final(reading: Reading, again: 'differs' | 'wins'): void {
    this.#take(reading, this.#final, again === 'differs');
  }

  /** Takes final figures back: it turned out that they grow. */
  reopen(names: readonly string[]): void {
    this.#known = undefined;
    for (const name of names) {
      const value = this.#final.get(name);
      if (value !== undefined) this.#running.set(name, value);
      this.#final.delete(name);
    }
  }

  /** Running figures were the last ones: they are final where no others came. */
  runningIsFinal(): void {
    for (const [name, value] of this.#running) if (!this.#final.has(name)) this.#final.set(name, value);
  }

  /** Output that was delivered, of any shape: an upper count of its tokens is its bytes (rule 10). */
  answer(value: unknown): void {
    this.#bytes.answer += lengthOf(value);
  }

  /** Reasoning that was delivered, counted like an answer. */
  reasoning(value: unknown): void {
    this.#bytes.reasoning += lengthOf(value);
  }

  /** Output is made that is not delivered as it is billed. */
  hide(): void {
    this.#hidden = true;
  }

  /** Adds to what is known of an item; `key` tells the same one again. */
  item(key: string, more: Item): void {
    this.#known = undefined;
    const first = this.#items.get(key);
    const apart = first?.id !== undefined && more.id !== undefined && first.id !== more.id;
    const own = apart ? `${key}/${more.id}` : key;
    const item = this.#items.get(own);
    if (item !== undefined) Object.assign(item, more);
    else if (this.#items.size < ITEMS_MOST) this.#items.set(own, { ...more });
    else this.fault(TOOL_CALLS, `more than ${ITEMS_MOST} items`);
  }

  /** The items start anew: a final list follows. */
  itemsAnew(): void {
    this.#known = undefined;
    this.#items.clear();
  }

  /** Calls of a tool as the upstream bills them, which stand in place of the counted ones. */
  billedTool(name: string, value: unknown): void {
    this.#known = undefined;
    if (value === undefined || value === null) return;
    if (isCount(value)) this.#billed.set(name, value);
    else this.fault(TOOL_CALLS, describe(value));
  }

  /** A report that makes no sense: its quantity counts as missing. The first fault of a quantity is kept. */
  fault(quantity: string, found: string): void {
    if (!this.#problems.has(quantity)) this.#problems.set(quantity, found);
    this.#known = undefined;
  }

  /** The answer said that it failed. */
  fail(): void {
    this.#failed = true;
  }

  /** Of an error answer the status tells it. */
  failed(): boolean {
    return this.#failed && this.#status < 400;
  }

  /** The answer's own end was seen: tools that were not called by now were not called. */
  whole(): void {
    this.#whole = true;
  }

  /** What was used for certain by now. */
  soFar(): Quantities {
    this.#known ??= this.#certain();
    return this.#known;
  }

  end(): Measurement {
    const quantities: Record<string, Quantities[string]> = {};
    for (const [name, value] of this.#final) if (!this.#problems.has(name)) quantities[name] = value;
    if (this.#whole && this.#status < 400 && !this.#problems.has(TOOL_CALLS)) quantities[TOOL_CALLS] = this.#toolCalls();
    const problems = [...this.#problems].map(([quantity, found]) => ({ quantity, found }));
    return { quantities, received: this.#received(quantities), problems };
  }

  #take(reading: Reading, into: Map<string, number>, differs: boolean): void {
    this.#known = undefined;
    if (this.#status >= 400) {
      for (const name of Object.keys(reading.figures)) this.fault(name, 'reported by an error answer');
      return;
    }
    for (const { quantity, found } of reading.problems) this.fault(quantity, found);
    for (const name in reading.figures) {
      const value = reading.figures[name] as number;
      const before = into.get(name);
      if (differs && before !== undefined && before !== value) this.fault(name, `given twice: ${before} and ${value}`);
      into.set(name, value);
    }
  }

  #toolCalls(): Readonly<Record<string, number>> {
    const counts = new Map<string, number>();
    for (const item of this.#items.values()) {
      const name = this.#toolName(item);
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of this.#billed) {
      if (count > 0) counts.set(name, count);
      else counts.delete(name);
    }
    return Object.fromEntries(counts);
  }

  #certain(): Quantities {
    const figures = new Map<string, Quantities[string]>(this.#final);
    for (const [name, value] of this.#running) figures.set(name, Math.max(value, this.#final.get(name) ?? 0));
    const tools = this.#toolCalls();
    if (Object.keys(tools).length > 0) figures.set(TOOL_CALLS, tools);
    return Object.fromEntries([...figures].filter(([name]) => !this.#problems.has(name)));
  }

  #received(measured: Quantities): Quantities {
    if (!this.#streams || this.#status >= 400) return {};
    const atLeast = (name: string, count: number) => Math.max(count, this.#running.get(name) ?? 0);
    const { answer, reasoning } = this.#bytes;
    const counts: Record<string, Quantities[string]> = {
      answer_tokens: atLeast('answer_tokens', answer),
      [TOOL_CALLS]: this.#toolCalls(),
    };
    if (!this.#hidden) {
      counts['reasoning_tokens'] = atLeast('reasoning_tokens', reasoning);
      counts['output_tokens'] = atLeast('output_tokens', answer + reasoning);
    }
    return Object.fromEntries(Object.entries(counts).filter(([name]) => !(name in measured) && !this.#problems.has(name)));
  }
}

/** A whole number of tokens or calls. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** What was found in place of a count, for people. */
export function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return utf8Length(value);
  return value === null || value === undefined ? 0 : utf8Length(JSON.stringify(value));
}
