// Finds values in a JSON document while it passes, with memory for the watched paths only: what nobody watches is skipped by counting
// brackets, strings by searching for their end. It does not judge the document: what is watched is parsed by who watches it.
import type { JsonPlace } from './json-path.ts';

export interface JsonListener<W> {
  /** A watched value begins at this offset of the piece at hand. `indexes`: its place in each array around it that leads to it. */
  start(watch: W, at: number, indexes: () => readonly number[]): void;
  /** It ended just before this offset of the piece at hand. */
  end(watch: W, at: number): void;
}

interface Frame<W> {
  place: JsonPlace<W>;
  array: boolean;
  index: number;
}

/** Longer keys are not compared; no rate card can name them. */
const KEY_MOST_CHARS = 4096;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BYTE_ORDER_MARK = 0xfeff;

/** Passes one document; the listener is told where watched values stand. */
export class JsonScanner<W> {
  readonly #listener: JsonListener<W>;
  readonly #frames: Frame<W>[] = [];
  readonly #string = createStringEnd();
  #mode: 'value' | 'key' | 'colon' | 'scalar' | 'after' | 'done' = 'value';
  /** The place of the value that comes next or is being passed. */
  #target: JsonPlace<W> | undefined;
  /** Open brackets inside a value below which nothing is watched. */
  #depth = 0;
  #key: string | undefined;

  constructor(root: JsonPlace<W>, listener: JsonListener<W>) {
    this.#target = root;
    this.#listener = listener;
  }

  /** The next piece, cut anywhere, also inside an escape. */
  text(piece: string): void {
    let i = 0;
    this.#string.piece(piece);
    while (i < piece.length && this.#mode !== 'done') {
      if (this.#string.open()) i = this.#passString(piece, i);
      else if (this.#mode === 'scalar') i = this.#passScalar(piece, i);
      else if (this.#depth > 0) i = this.#passUnwatched(piece, i);
      else i = this.#passMark(piece.charCodeAt(i), i);
    }
  }

  /** No more pieces: a number that nothing follows ends here, at offset 0 of an empty piece. */
  end(): void {
    if (this.#mode === 'scalar' && this.#frames.length === 0) this.#close(0);
  }

  /** True once the document's outermost value has ended. */
  whole(): boolean {
    return this.#mode === 'done';
  }

  #passString(piece: string, from: number): number {
    const to = this.#string.end(from);
    if (this.#key !== undefined && this.#key.length <= KEY_MOST_CHARS) this.#key += piece.slice(from, to);
    if (this.#string.open() || this.#depth > 0) return to;
    if (this.#key === undefined) this.#close(to);
    else {
      this.#target = this.#frames.at(-1)?.place.keys.get(decodeKey(this.#key));
      this.#key = undefined;
      this.#mode = 'colon';
    }
    return to;
  }

  #passUnwatched(piece: string, from: number): number {
    for (let i = from; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      if (code === QUOTE) {
        this.#string.begin();
        return i + 1;
      }
      if (opensBracket(code)) this.#depth += 1;
      else if (closesBracket(code)) {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        this.#close(i + 1);
        return i + 1;
      }
    }
    return piece.length;
  }

  #passScalar(piece: string, from: number): number {
    let i = from;
    while (i < piece.length && !endsScalar(piece.charCodeAt(i))) i++;
    if (i < piece.length) this.#close(i);
    return i;
  }

  #passMark(code: number, at: number): number {
    if (code === QUOTE) {
      this.#string.begin();
      if (this.#mode === 'key') this.#key = '';
      else if (this.#mode === 'value') this.#open(at);
    } else if (opensBracket(code)) this.#openBracket(code, at);
    else if (closesBracket(code)) this.#closeBracket(at);
    else if (isBlank(code)) return at + 1;
    else if (code === COMMA) this.#passComma();
    else if (code === COLON) {
      if (this.#mode === 'colon') this.#mode = 'value';
    } else if (this.#mode === 'value') {
      this.#open(at);
      this.#mode = 'scalar';
    }
    return at + 1;
  }

  #openBracket(code: number, at: number): void {
    if (this.#mode !== 'value') return;
    this.#open(at);
    if (this.#target?.leads !== true) {
      this.#depth = 1;
      return;
    }
    const frame = { place: this.#target, array: code === 0x5b, index: 0 };
    this.#frames.push(frame);
    this.#mode = frame.array ? 'value' : 'key';
    if (frame.array) this.#target = element(frame);
  }

  #closeBracket(at: number): void {
    this.#target = this.#frames.pop()?.place;
    this.#close(at + 1);
  }

  #passComma(): void {
    const frame = this.#frames.at(-1);
    if (this.#mode !== 'after' || frame === undefined) return;
    this.#mode = frame.array ? 'value' : 'key';
    if (!frame.array) return;
    frame.index += 1;
    this.#target = element(frame);
  }

  #open(at: number): void {
    if (this.#target === undefined || this.#target.watches.length === 0) return;
    for (const watch of this.#target.watches) this.#listener.start(watch, at, () => this.#indexes());
  }

  #indexes(): readonly number[] {
    return this.#frames.filter(({ array }) => array).map(({ index }) => index);
  }

  #close(at: number): void {
    if (this.#target !== undefined) for (const watch of this.#target.watches) this.#listener.end(watch, at);
    this.#target = undefined;
    this.#mode = this.#frames.length > 0 ? 'after' : 'done';
  }
}

/** Finds where strings end. The next quote and backslash are remembered, so that a piece is searched once for each. */
function createStringEnd() {
  let piece = '';
  let quote = -1;
  let slash = -1;
  let isOpen = false;
  let escaped = false;
  const find = (what: string, from: number) => {
    const at = piece.indexOf(what, from);
    return at === -1 ? Infinity : at;
  };
  return {
    piece(next: string) {
      piece = next;
      quote = -1;
      slash = -1;
    },
    open: () => isOpen,
    begin() {
      isOpen = true;
    },
    /** The offset after the closing quote, or after the piece where the string goes on. */
    end(from: number): number {
      let i = from;
      while (i < piece.length) {
        if (escaped) {
          escaped = false;
          i += 1;
          continue;
        }
        if (slash < i) slash = find('\\', i);
        if (quote < i) quote = find('"', i);
        if (slash < quote) {
          escaped = true;
          i = slash + 1;
        } else if (quote === Infinity) return piece.length;
        else {
          isOpen = false;
          return quote + 1;
        }
      }
      return i;
    },
  };
}

function element<W>({ place, index }: Frame<W>): JsonPlace<W> | undefined {
  return place.indexes.get(index) ?? place.every;
}

/** `raw` ends with the closing quote. */
function decodeKey(raw: string): string {
  if (!raw.includes('\\')) return raw.slice(0, -1);
  try {
    return String(JSON.parse(`"${raw}`));
  } catch {
    // No JSON parser would read this key either: it is nobody's.
    return raw;
  }
}

function opensBracket(code: number): boolean {
  return code === 0x7b || code === 0x5b;
}

function closesBracket(code: number): boolean {
  return code === 0x7d || code === 0x5d;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === BYTE_ORDER_MARK;
}

function endsScalar(code: number): boolean {
  return code === COMMA || isBlank(code) || closesBracket(code);
}
