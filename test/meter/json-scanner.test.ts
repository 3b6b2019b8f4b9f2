// The scanner against JSON.parse: arbitrary documents, cut at arbitrary places.
import { createAnswerReader } from '@tollgate/shared/meter/answer-reader';
import { createLinkRewriter } from '@tollgate/shared/meter/rewrite-links';
import * as fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('"', '\\', '\\"', '}', ']', '{"', ',', ':', '[', '\u2028', '\ud800', ''),
);
// Without backslashes: V8 13.6 takes an escaped key for one of the same length that it saw before, if that one begins with the escape's
// own text, so that JSON.parse reads `{"\"":1}` as `{"\\":1}` after a document with that key, and is no judge of it.
const key = fc.oneof(text, fc.constantFrom('a', 'b', '__proto__', 'é', 'a.b', '0')).filter((name) => !name.includes('\\'));

const document = fc.letrec<{ value: unknown; list: unknown[]; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, -1.5e-7, 1e21),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
})).value;

const spacing = fc.constantFrom(undefined, 1, '\t', '\r\n ');

/** Every place of a document, with the value there. */
function places(value: unknown, path: string): (readonly [path: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const inner = Array.isArray(value)
    ? value.flatMap((element, index) => places(element, `${path}[${index}]`))
    : Object.entries(value).flatMap(([name, member]) => places(member, `${path}[${JSON.stringify(name)}]`));
  return [[path, value], ...inner];
}

function cut(whole: string, at: readonly number[]): string[] {
  const cuts = [0, ...at.map((part) => part % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
  return cuts.slice(1).map((to, index) => whole.slice(cuts[index], to));
}

/** Escapes some characters that need no escape, as other writers of JSON do. */
function escapeMore(json: string, every: number): string {
  let count = 0;
  return json.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) =>
    string.replaceAll(/\\u[0-9a-f]{4}|\\.|[a-z/]/g, (char) => {
      if (char.startsWith('\\') || ++count % every !== 0) return char;
      return char === '/' ? '\\/' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
    }),
  );
}

const cuts = fc.array(fc.nat(10_000), { maxLength: 12 });

test('every value of every document is found, whatever the cuts', () => {
  fc.assert(
    fc.property(document, spacing, fc.integer({ min: 2, max: 9 }), cuts, (value, space, every, at) => {
      const json = escapeMore(JSON.stringify(value, null, space), every);
      const parsed: unknown = JSON.parse(json);
      const expected = places(parsed, 'response');
      const lists = expected.filter(([, found]) => Array.isArray(found));
      const counts = Object.fromEntries(lists.map(([path]) => [path, { kind: 'json' as const, path }]));
      const spec = { paths: expected.map(([path]) => path).concat('response.absent[7]', 'response["not there"].a'), counts };
      const reader = createAnswerReader(spec, { status: 200, headers: {}, form: 'json' }, undefined, {
        set: [],
        hideReport: false,
      });
      for (const piece of cut(json, at)) reader.text(piece);
      const { quantities, problems } = reader.end('complete');
      expect(problems).toEqual([]);
      expect(reader.fields()).toEqual(Object.fromEntries(expected));
      expect(quantities).toEqual(Object.fromEntries(lists.map(([path, found]) => [path, (found as unknown[]).length])));
    }),
    { numRuns: 500 },
  );
});

test('links change where they stand and nowhere else, whatever the cuts', () => {
  const from = 'https://up.test';
  const to = 'http://gate.test/up';
  const link = fc.oneof(text, fc.constantFrom(`${from}/x`, from, `${from}.evil`, `${from}?q`, 'https://up.tes', '"'));
  fc.assert(
    fc.property(document, fc.array(link), spacing, fc.integer({ min: 2, max: 9 }), cuts, (value, links, space, every, at) => {
      const source = { value, links, text: from, next: links[0] ?? null };
      const json = escapeMore(JSON.stringify(source, null, space), every);
      const rewriter = createLinkRewriter({ paths: ['response.links[*]', 'response.next'], from, to });
      const out =
        cut(json, at)
          .map((piece) => rewriter.push(piece))
          .join('') + rewriter.end();
      const changed = (old: string) => (/^https:\/\/up\.test(?:[/?#]|$)/.test(old) ? to + old.slice(from.length) : old);
      const expected = { ...source, links: links.map(changed), next: links[0] === undefined ? null : changed(links[0]) };
      expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(expected)));
      if (links.every((old) => changed(old) === old)) expect(out).toBe(json);
    }),
    { numRuns: 500 },
  );
});

test('text that is no JSON throws nothing and fills no memory', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', '1', ' ', '\n'), maxLength: 60 }),
      cuts,
      (junk, at) => {
        const spec = {
          paths: ['response.a', 'response[0].a', 'response'],
          counts: { rows: { kind: 'json' as const, path: 'response.a' } },
        };
        const reader = createAnswerReader(spec, { status: 200, headers: {}, form: 'json' }, undefined, {
          set: [],
          hideReport: false,
        });
        const rewriter = createLinkRewriter({ paths: ['response.a', 'response[*]'], from: 'a', to: 'b' });
        const pieces = cut(junk, at);
        for (const piece of pieces) reader.text(piece);
        reader.end('complete');
        const rewritten = pieces.map((piece) => rewriter.push(piece)).join('') + rewriter.end();
        expect(rewritten.replaceAll(/[ab]/g, '')).toBe(junk.replaceAll(/[ab]/g, ''));
      },
    ),
    { numRuns: 500 },
  );
});

test('a document however large is read in bounded memory', () => {
  const spec = { paths: ['response.big', 'response.last'], counts: { rows: { kind: 'json' as const, path: 'response.rows' } } };
  const reader = createAnswerReader(spec, { status: 200, headers: {}, form: 'json' }, undefined, { set: [], hideReport: false });
  const before = heapBytes();
  reader.text('{"big":"');
  for (let i = 0; i < 300; i++) reader.text(String(i % 10).repeat(65_536));
  expect(heapBytes() - before).toBeLessThan(3_000_000);
  reader.text('","deep":');
  for (let i = 0; i < 20; i++) reader.text('['.repeat(65_536));
  for (let i = 0; i < 20; i++) reader.text(']'.repeat(65_536));
  reader.text(',"rows":[0');
  for (let i = 0; i < 40; i++) reader.text(',{"a":[1,"]"]}'.repeat(1_000));
  reader.text('],"last":1}');
  expect(heapBytes() - before).toBeLessThan(3_000_000);
  const { quantities, problems } = reader.end('complete');
  expect(quantities).toEqual({ rows: 40_001 });
  expect(problems.map(({ quantity }) => quantity)).toEqual(['response.big']);
  expect(reader.fields()).toEqual({ 'response.last': 1 });
});

/** What is in use, without what could be collected. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
