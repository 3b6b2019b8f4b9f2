// Finds values in a JSON document while it passes, with memory for the watched paths only: what nobody watches is skipped by counting
// brackets, strings by searching for their end. It does not judge the document: what is watched is parsed by who watches it.
import type { JsonPlace } from './json-path.ts';

export interface JsonListener<W> {
  /** A watched value begins at this offset of the piece at hand. `indexes`: its place in each array around it that leads to it. */
  start(watch: W, at: number, indexes: () => readonly number[]): void;
  /** It ended just before this offset of the piece at hand. */
  end(watch: W, at: number): void;
}

export interface JsonScanner {
  /** The next piece, cut anywhere, also inside an escape. */
  text(piece: string): void;
  /** No more pieces: a number that nothing follows ends here, at offset 0 of an empty piece. */
  end(): void;
  /** True once the document's outermost value has ended. */
  whole(): boolean;
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

export function createJsonScanner<W>(root: JsonPlace<W>, listener: JsonListener<W>): JsonScanner {
  const frames: Frame<W>[] = [];
  let mode: 'value' | 'key' | 'colon' | 'scalar' | 'after' | 'done' = 'value';
  /** The place of the value that comes next or is being passed. */
  let target: JsonPlace<W> | undefined = root;
  /** Open brackets inside a value below which nothing is watched. */
  let depth = 0;
  let key: string | undefined;
  const string = createStringEnd();

  function text(piece: string): void {
    let i = 0;
    string.piece(piece);
    while (i < piece.length && mode !== 'done') {
      if (string.open()) i = passString(piece, i);
      else if (mode === 'scalar') i = passScalar(piece, i);
      else if (depth > 0) i = passUnwatched(piece, i);
      else i = passMark(piece.charCodeAt(i), i);
    }
  }

  function passString(piece: string, from: number): number {
    const to = string.end(from);
    if (key !== undefined && key.length <= KEY_MOST_CHARS) key += piece.slice(from, to);
    if (string.open() || depth > 0) return to;
    if (key === undefined) close(to);
    else {
      target = frames.at(-1)?.place.keys.get(decodeKey(key));
      key = undefined;
      mode = 'colon';
    }
    return to;
  }

  function passUnwatched(piece: string, from: number): number {
    for (let i = from; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      if (code === QUOTE) {
        string.begin();
        return i + 1;
      }
      if (opensBracket(code)) depth += 1;
      else if (closesBracket(code)) {
        depth -= 1;
        if (depth > 0) continue;
        close(i + 1);
        return i + 1;
      }
    }
    return piece.length;
  }

  function passScalar(piece: string, from: number): number {
    let i = from;
    while (i < piece.length && !endsScalar(piece.charCodeAt(i))) i++;
    if (i < piece.length) close(i);
    return i;
  }

  function passMark(code: number, at: number): number {
    if (code === QUOTE) {
      string.begin();
      if (mode === 'key') key = '';
      else if (mode === 'value') open(at);
    } else if (opensBracket(code)) openBracket(code, at);
    else if (closesBracket(code)) closeBracket(at);
    else if (isBlank(code)) return at + 1;
    else if (code === COMMA) passComma();
    else if (code === COLON) {
      if (mode === 'colon') mode = 'value';
    } else if (mode === 'value') {
      open(at);
      mode = 'scalar';
    }
    return at + 1;
  }

  function openBracket(code: number, at: number): void {
    if (mode !== 'value') return;
    open(at);
    if (target?.leads !== true) {
      depth = 1;
      return;
    }
    const frame = { place: target, array: code === 0x5b, index: 0 };
    frames.push(frame);
    mode = frame.array ? 'value' : 'key';
    if (frame.array) target = element(frame);
  }

  function closeBracket(at: number): void {
    target = frames.pop()?.place;
    close(at + 1);
  }

  function passComma(): void {
    const frame = frames.at(-1);
    if (mode !== 'after' || frame === undefined) return;
    mode = frame.array ? 'value' : 'key';
    if (!frame.array) return;
    frame.index += 1;
    target = element(frame);
  }

  function open(at: number): void {
    if (target === undefined || target.watches.length === 0) return;
    for (const watch of target.watches) listener.start(watch, at, indexes);
  }

  function indexes(): readonly number[] {
    return frames.filter(({ array }) => array).map(({ index }) => index);
  }

  function close(at: number): void {
    if (target !== undefined) for (const watch of target.watches) listener.end(watch, at);
    target = undefined;
    mode = frames.length > 0 ? 'after' : 'done';
  }

  return {
    text,
    end: () => {
      if (mode === 'scalar' && frames.length === 0) close(0);
    },
    whole: () => mode === 'done',
  };
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
