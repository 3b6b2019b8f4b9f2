// The path of an operation: `/v1/models/{model}:generate`, `*` for one segment, `**` for the rest. Paths are compared byte for byte
// (decision 9): nothing is decoded or normalised here.

export interface Pattern {
  /** As written: `/v1/query/{query_id}/execute`. */
  text: string;
  segments: readonly Segment[];
}

export type Segment =
  | { kind: 'static'; text: string }
  /** One segment that is not empty, between a prefix and a suffix that may be. */
  | { kind: 'parameter'; name: string; before: string; after: string }
  | { kind: 'one' }
  | { kind: 'rest' };

/** @returns the pattern, or what is wrong with it. */
export function parsePattern(text: string): Pattern | { problem: string } {
  if (!text.startsWith('/')) return { problem: `the path "${text}" does not start with a slash` };
  const segments: Segment[] = [];
  const names = new Set<string>();
  const pieces = text.slice(1).split('/');
  for (const [index, piece] of pieces.entries()) {
    if (piece === '**') {
      if (index !== pieces.length - 1) return { problem: '** stands for the rest of a path and can only be its end' };
      segments.push({ kind: 'rest' });
    } else if (piece === '*') segments.push({ kind: 'one' });
    else {
      const match = /^([^{}*]*)\{([A-Za-z_]\w*)\}([^{}*]*)$/.exec(piece);
      const [, before = '', name = '', after = ''] = match ?? [];
      if (match === null && /[{}*?#\s\\%]/.test(piece))
        return { problem: `"${piece}" is not a part of a path; text, {name}, * or ** would be right` };
      if (match !== null && names.has(name)) return { problem: `{${name}} is given twice` };
      names.add(name);
      segments.push(match === null ? { kind: 'static', text: piece } : { kind: 'parameter', name, before, after });
    }
  }
  return { text, segments };
}

/** The parameters, where the path below its service fits; else undefined. */
export function matchPattern({ segments }: Pattern, pieces: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const piece = pieces[index];
    if (piece === undefined) return undefined;
    switch (segment.kind) {
      case 'rest':
        return params;
      case 'static':
        if (piece !== segment.text) return undefined;
        break;
      case 'one':
        if (piece === '') return undefined;
        break;
      case 'parameter': {
        const { before, after, name } = segment;
        if (piece.length <= before.length + after.length || !piece.startsWith(before) || !piece.endsWith(after)) return undefined;
        params[name] = piece.slice(before.length, piece.length - after.length);
      }
    }
  }
  return segments.length === pieces.length ? params : undefined;
}

/**
 * How the paths of two patterns lie to each other. `inside`: every path of a is one of b, so a beats b. `same`: one shadows the
 * other. `crossing`: some paths are in both, and neither is more exact.
 */
export function relation(a: Pattern, b: Pattern): 'apart' | 'inside' | 'around' | 'same' | 'crossing' {
  let [inside, around] = [true, true];
  for (let index = 0; ; index += 1) {
    const [x, y] = [a.segments[index], b.segments[index]];
    if (x === undefined && y === undefined) break;
    if (x?.kind === 'rest' || y?.kind === 'rest') {
      // The rest is at least one piece, which may be empty; so it is wider than any pieces that are named.
      if (x === undefined || y === undefined) return 'apart';
      if (x.kind !== 'rest') around = false;
      if (y.kind !== 'rest') inside = false;
      break;
    }
    if (x === undefined || y === undefined) return 'apart';
    if (!meet(x, y)) return 'apart';
    inside &&= covers(y, x);
    around &&= covers(x, y);
  }
  if (inside && around) return 'same';
  if (inside) return 'inside';
  return around ? 'around' : 'crossing';
}

function covers(wide: Segment, narrow: Segment): boolean {
  if (wide.kind === 'rest') return true;
  if (narrow.kind === 'rest') return false;
  if (wide.kind === 'static') return narrow.kind === 'static' && narrow.text === wide.text;
  const { before, after } = edges(wide);
  if (narrow.kind === 'static') {
    return narrow.text.length > before.length + after.length && narrow.text.startsWith(before) && narrow.text.endsWith(after);
  }
  const inner = edges(narrow);
  return inner.before.startsWith(before) && inner.after.endsWith(after);
}

function meet(a: Segment, b: Segment): boolean {
  if (a.kind === 'static') return covers(b, a);
  if (b.kind === 'static') return covers(a, b);
  const [x, y] = [edges(a), edges(b)];
  const starts = x.before.startsWith(y.before) || y.before.startsWith(x.before);
  return starts && (x.after.endsWith(y.after) || y.after.endsWith(x.after));
}

function edges(segment: Segment): { before: string; after: string } {
  return segment.kind === 'parameter' ? segment : { before: '', after: '' };
}
