// Captures the values at watched paths of a JSON document while it passes. A value is kept up to 64 KiB of its text, nothing else is.
import { layOutPaths, parseJsonPath, type JsonPlace } from './json-path.ts';
import { JsonScanner } from './json-scanner.ts';
import { readWhole } from './json-whole.ts';

/** What to do with the values at one path. `context` is the call's own; the watches are laid out once for all calls. */
export interface JsonWatch<C> {
  path: string;
  /** A value begins; called at its first character, before it is known. */
  begin?(context: C, isList: boolean): void;
  /** The value, parsed, once whole. `indexes`: its place in each array around it. Left out where the value need not be kept. */
  value?(context: C, value: unknown, indexes: readonly number[]): void;
  /** In place of `value` where it is longer than 64 KiB or no JSON. `found` is for people, `text` what was kept of it. */
  fault?(context: C, found: string, text: string): void;
}

export type JsonWatches<C> = JsonPlace<JsonWatch<C>>;

const VALUE_MOST_CHARS = 65_536;

interface Capture<C> {
  watch: JsonWatch<C>;
  indexes: readonly number[];
  text: string;
  from: number;
}

/** @throws {RangeError} when a path is none. */
export function layOutWatches<C>(watches: readonly JsonWatch<C>[]): JsonWatches<C> {
  return layOutPaths(watches.map((watch) => ({ steps: parseJsonPath(watch.path), watch })));
}

export interface JsonReading {
  /** The next piece, cut anywhere. */
  text(piece: string): void;
  /** The whole document at once, in place of pieces. */
  document(text: string): void;
  /** No more pieces. */
  end(): void;
  /** True once the document's outermost value has ended. */
  whole(): boolean;
}

type Scan = Omit<JsonReading, 'document'>;

/** Reads one document with watches that are laid out already. */
export function watchJson<C>(watches: JsonWatches<C>, context: C): JsonReading {
  let scan: Scan | undefined;
  let isRead = false;

  return {
    text(piece) {
      scan ??= scanJson(watches, context);
      scan.text(piece);
    },
    document(text) {
      // In a longer one a single value may be longer than is kept.
      isRead = text.length <= VALUE_MOST_CHARS && readWhole(watches, context, text);
      if (!isRead) this.text(text);
    },
    end: () => scan?.end(),
    whole: () => isRead || scan?.whole() === true,
  };
}

function scanJson<C>(watches: JsonWatches<C>, context: C): Scan {
  const captures = new Map<JsonWatch<C>, Capture<C>>();
  let current = '';

  const scanner = new JsonScanner<JsonWatch<C>>(watches, {
    start(watch, at, indexes) {
      watch.begin?.(context, current.charAt(at) === '[');
      if (watch.value !== undefined) captures.set(watch, { watch, indexes: indexes(), text: '', from: at });
    },
    end(watch, at) {
      const capture = captures.get(watch);
      if (capture === undefined) return;
      captures.delete(watch);
      extend(capture, current.slice(capture.from, at));
      deliver(capture, context);
    },
  });

  return {
    text(piece) {
      current = piece;
      scanner.text(piece);
      for (const capture of captures.values()) {
        extend(capture, piece.slice(capture.from));
        capture.from = 0;
      }
    },
    end() {
      current = '';
      scanner.end();
    },
    whole: () => scanner.whole(),
  };
}

/** Past the limit one more character is kept, as the mark that there was more. */
function extend<C>(capture: Capture<C>, more: string): void {
  capture.text += more.slice(0, VALUE_MOST_CHARS + 1 - capture.text.length);
}

function deliver<C>({ watch, indexes, text }: Capture<C>, context: C): void {
  if (text.length > VALUE_MOST_CHARS) {
    watch.fault?.(context, `longer than ${VALUE_MOST_CHARS} characters`, text);
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    watch.fault?.(context, `not JSON: ${text.slice(0, 40)}`, text);
    return;
  }
  watch.value?.(context, value, indexes);
}
