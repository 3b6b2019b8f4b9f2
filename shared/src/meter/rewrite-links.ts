// Turns an upstream's absolute links into the gateway's while a JSON answer passes, so that a client that follows them never sends its
// key past the gateway. Everything else stays as it came, to the character.
import { layOutPaths, parseJsonPath, type JsonPlace } from './json-path.ts';
import { JsonScanner } from './json-scanner.ts';

export interface LinkRewriter {
  /** The next piece, cut anywhere; gives what can be sent on. At most the length of an origin is kept back. */
  push(piece: string): string;
  /** What was kept back, where the document broke off inside a link. */
  end(): string;
}

/**
 * @param paths where links stand: `response.next_uri`, `response.items[*].href`. Values that are no text are left alone.
 * @param from the upstream's origin, `https://api.example.com`, compared without regard to case.
 * @param to the gateway's base without a slash at its end, `http://localhost:8402/dune`.
 * @throws {RangeError} when a path is none.
 */
export function createLinkRewriter({ paths, from, to }: { paths: readonly string[]; from: string; to: string }): LinkRewriter {
  const places: JsonPlace<true> = layOutPaths(paths.map((path) => ({ steps: parseJsonPath(path), watch: true })));
  let piece = '';
  let out = '';
  /** Everything of the piece before this is in `out` or in `link`. */
  let sent = 0;
  let link: string | undefined;

  const scanner = new JsonScanner(places, {
    start(_watch, at) {
      if (piece.charAt(at) !== '"') return;
      out += piece.slice(sent, at + 1);
      sent = at + 1;
      link = '';
    },
    end(_watch, at) {
      if (link !== undefined) take(at);
      // Two paths may name one value: the first end has dealt with it.
      if (link !== undefined) out += link;
      link = undefined;
    },
  });

  function take(until: number): void {
    const known = (link ?? '') + piece.slice(sent, until);
    sent = until;
    const verdict = matchOrigin(known, from);
    if (verdict === 'unsure') link = known;
    else {
      out += verdict === 'other' ? known : written(to, known.slice(0, verdict)) + known.slice(verdict);
      link = undefined;
    }
  }

  return {
    push(next) {
      piece = next;
      sent = 0;
      out = '';
      scanner.text(next);
      if (link !== undefined) take(next.length);
      return out + next.slice(sent);
    },
    end() {
      const rest = link ?? '';
      link = undefined;
      return rest;
    },
  };
}

/**
 * Compares the raw text of a JSON string with an origin: how many raw characters the origin takes, or that it is another, or that more
 * must come. What follows an origin decides, so that `https://api.example.com.evil.test` is another.
 */
function matchOrigin(raw: string, origin: string): number | 'other' | 'unsure' {
  const wanted = origin.toLowerCase();
  let at = 0;
  for (const char of wanted) {
    const read = readChar(raw, at);
    if (read === undefined) return 'unsure';
    if (read.char.toLowerCase() !== char) return 'other';
    at = read.end;
  }
  const next = readChar(raw, at);
  if (next === undefined) return 'unsure';
  return '/?#"'.includes(next.char) ? at : 'other';
}

/** One character of a JSON string, its escape undone; undefined where it is not whole yet. The closing quote reads as a quote. */
function readChar(raw: string, at: number): { char: string; end: number } | undefined {
  if (at >= raw.length) return undefined;
  if (raw[at] !== '\\') return { char: raw.charAt(at), end: at + 1 };
  if (at + 1 >= raw.length) return undefined;
  if (raw[at + 1] !== 'u') return { char: raw.charAt(at + 1), end: at + 2 };
  if (at + 6 > raw.length) return undefined;
  return { char: String.fromCharCode(Number.parseInt(raw.slice(at + 2, at + 6), 16)), end: at + 6 };
}

/** The new base in the manner of the old: with escaped slashes where they were. */
function written(base: string, raw: string): string {
  const text = JSON.stringify(base).slice(1, -1);
  return raw.includes('\\/') ? text.replaceAll('/', String.raw`\/`) : text;
}
