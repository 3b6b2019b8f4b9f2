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

export interface Tally {
  /** Figures that may still grow: they are a lower bound until the end. A newer reading takes the place of an older one. */
  running(reading: Reading): void;
  /** Figures that are final. `again`: `differs` where a second, different value is a fault; `wins` where they are cumulative. */
  final(reading: Reading, again: 'differs' | 'wins'): void;
  /** Takes final figures back: it turned out that they grow. */
  reopen(names: readonly string[]): void;
  /** Output that was delivered, of any shape: an upper count of its tokens is its bytes (rule 10). */
  answer(value: unknown): void;
  reasoning(value: unknown): void;
  /** Output is made that is not delivered as it is billed. */
  hide(): void;
  /** Adds to what is known of an item; `key` tells the same one again. */
  item(key: string, more: Item): void;
  /** The items start anew: a final list follows. */
  itemsAnew(): void;
  /** Calls of a tool as the upstream bills them, which stand in place of the counted ones. */
  billedTool(name: string, value: unknown): void;
  fault(quantity: string, found: string): void;
  fail(): void;
  failed(): boolean;
  /** The answer's own end was seen: tools that were not called by now were not called. */
  whole(): void;
  /** Running figures were the last ones: they are final where no others came. */
  runningIsFinal(): void;
  soFar(): Quantities;
  end(): Measurement;
}

export const TOOL_CALLS = 'tool_calls';
/** More items than this are not told apart: their quantity counts as missing. */
const ITEMS_MOST = 10_000;

/**
 * @param streams whether the answer is a stream, of which received counts are kept.
 * @param status of the answer; the usage of an error answer is not believed.
 * @param toolName the name that an item's tool is priced by; undefined for items that are no tool calls.
 */
export function createTally(streams: boolean, status: number, toolName: (item: Item) => string | undefined): Tally {
  const settled = new Map<string, number>();
  const running = new Map<string, number>();
  const items = new Map<string, Item>();
  const billed = new Map<string, number>();
  const problems = new Map<string, string>();
  const bytes = { answer: 0, reasoning: 0 };
  let hidden = false;
  let failed = false;
  let whole = false;
  let known: Quantities | undefined;

  function fault(quantity: string, found: string): void {
    if (!problems.has(quantity)) problems.set(quantity, found);
    known = undefined;
  }

  function take(reading: Reading, into: Map<string, number>, differs: boolean): void {
    known = undefined;
    const names = Object.keys(reading.figures);
    if (status >= 400) {
      for (const name of names) fault(name, 'reported by an error answer');
      return;
    }
    for (const { quantity, found } of reading.problems) fault(quantity, found);
    for (const [name, value] of Object.entries(reading.figures)) {
      const before = into.get(name);
      if (differs && before !== undefined && before !== value) fault(name, `given twice: ${before} and ${value}`);
      into.set(name, value);
    }
  }

  function toolCalls(): Readonly<Record<string, number>> {
    const counts = new Map<string, number>();
    for (const item of items.values()) {
      const name = toolName(item);
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of billed) {
      if (count > 0) counts.set(name, count);
      else counts.delete(name);
    }
    return Object.fromEntries(counts);
  }

  /** What was used for certain by now. */
  function soFar(): Quantities {
    if (known !== undefined) return known;
    const figures = [
      ...settled,
      ...[...running].map(([name, value]) => [name, Math.max(value, settled.get(name) ?? 0)] as const),
    ];
    const tools = toolCalls();
    const all = Object.entries(tools).length > 0 ? [...figures, [TOOL_CALLS, tools] as const] : figures;
    const certain = Object.fromEntries(all.filter(([name]) => !problems.has(name)));
    known = certain;
    return certain;
  }

  function received(measured: Quantities): Quantities {
    if (!streams || status >= 400) return {};
    const atLeast = (name: string, count: number) => Math.max(count, running.get(name) ?? 0);
    const counts: Record<string, Quantities[string]> = {
      answer_tokens: atLeast('answer_tokens', bytes.answer),
      [TOOL_CALLS]: toolCalls(),
    };
    if (!hidden) {
      counts['reasoning_tokens'] = atLeast('reasoning_tokens', bytes.reasoning);
      counts['output_tokens'] = atLeast('output_tokens', bytes.answer + bytes.reasoning);
    }
    return Object.fromEntries(Object.entries(counts).filter(([name]) => !(name in measured) && !problems.has(name)));
  }

  return {
    running: (reading) => take(reading, running, false),
    final: (reading, again) => take(reading, settled, again === 'differs'),
    reopen(names) {
      known = undefined;
      for (const name of names) {
        const value = settled.get(name);
        if (value !== undefined) running.set(name, value);
        settled.delete(name);
      }
    },
    answer(value) {
      bytes.answer += lengthOf(value);
    },
    reasoning(value) {
      bytes.reasoning += lengthOf(value);
    },
    hide() {
      hidden = true;
    },
    item(key, more) {
      known = undefined;
      const first = items.get(key);
      const apart = first?.id !== undefined && more.id !== undefined && first.id !== more.id;
      const own = apart ? `${key}/${more.id}` : key;
      const item = items.get(own);
      if (item !== undefined) Object.assign(item, more);
      else if (items.size < ITEMS_MOST) items.set(own, { ...more });
      else fault(TOOL_CALLS, `more than ${ITEMS_MOST} items`);
    },
    itemsAnew() {
      known = undefined;
      items.clear();
    },
    billedTool(name, value) {
      known = undefined;
      if (value === undefined || value === null) return;
      if (isCount(value)) billed.set(name, value);
      else fault(TOOL_CALLS, describe(value));
    },
    fault,
    fail() {
      failed = true;
    },
    failed: () => failed && status < 400,
    whole() {
      whole = true;
    },
    runningIsFinal() {
      for (const [name, value] of running) if (!settled.has(name)) settled.set(name, value);
    },
    soFar,
    end() {
      const quantities: Record<string, Quantities[string]> = {};
      for (const [name, value] of settled) if (!problems.has(name)) quantities[name] = value;
      if (whole && status < 400 && !problems.has(TOOL_CALLS)) quantities[TOOL_CALLS] = toolCalls();
      return {
        quantities,
        received: received(quantities),
        problems: [...problems].map(([quantity, found]) => ({ quantity, found })),
      };
    },
  };
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
