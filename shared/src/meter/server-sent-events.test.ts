import { expect, test } from 'vitest';
import { splitEvents, type RawEvent } from './server-sent-events.ts';

const STREAMS = [
  'data: a\n\ndata: b\n\n',
  'event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n',
  'data: a\r\rdata: b\r\r',
  '\uFEFFdata: a\n\n: a comment\n\nevent: e\nid: 7\ndata: two\ndata: lines\n\n\n\nretry: 5\n\n',
  'data:{"a":"\\n"}\n\ndata\n\nevent: nothing\n\ndata: [DONE]\n\n',
  'data: mixed\r\n\ndata: é 😀\n\r\ndata: cut off',
];

function split(pieces: readonly string[], mostChars?: number): RawEvent[] {
  const splitter = splitEvents(mostChars === undefined ? {} : { mostChars });
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
}

test('events come whole with their raw text', () => {
  expect(split(['event: x\r\ndata: {"a":1}\r\n\r\n: ping\n\ndata: one\ndata: two\n\n'])).toEqual([
    { raw: 'event: x\r\ndata: {"a":1}\r\n\r\n', event: { name: 'x', data: '{"a":1}' }, overlong: false },
    { raw: ': ping\n\n', event: undefined, overlong: false },
    { raw: 'data: one\ndata: two\n\n', event: { name: undefined, data: 'one\ntwo' }, overlong: false },
  ]);
});

test.each(STREAMS)('cut anywhere, %j gives the same events and the same text', (stream) => {
  const events = (all: RawEvent[]) => all.map(({ event }) => event).filter((event) => event !== undefined);
  const whole = split([stream]);
  expect(events(whole).length).toBeGreaterThan(0);
  expect(whole.map(({ raw }) => raw).join('')).toBe(stream);
  for (let at = 0; at <= stream.length; at++) {
    const parts = split([stream.slice(0, at), '', stream.slice(at)]);
    expect(parts.map(({ raw }) => raw).join('')).toBe(stream);
    expect(events(parts)).toEqual(events(whole));
  }
  expect(events(split(stream.split('')))).toEqual(events(whole));
});

test('an event is given as soon as its blank line came, also where that ends with a return', () => {
  const splitter = splitEvents();
  expect(splitter.push('data: a\r\n\r').map(({ event }) => event?.data)).toEqual(['a']);
  expect(splitter.push('\ndata: b\r\n\r\n').map(({ event }) => event?.data)).toEqual(['b']);
});

test('what is left without a blank line is read where its last line ended', () => {
  expect(split(['data: a\n'])).toEqual([{ raw: 'data: a\n', event: { name: undefined, data: 'a' }, overlong: false }]);
  expect(split(['data: a\r'])[0]?.event?.data).toBe('a');
  expect(split(['data: a'])).toEqual([{ raw: 'data: a', event: undefined, overlong: false }]);
});

test('an event past the limit passes in parts, unread, and the next one is read again', () => {
  const long = `data: ${'x'.repeat(100)}\n\n`;
  const events = split([long.slice(0, 50), long.slice(50, 80), long.slice(80), 'data: next\n\n'], 40);
  expect(events.map(({ raw }) => raw).join('')).toBe(`${long}data: next\n\n`);
  expect(events.map(({ overlong }) => overlong)).toEqual([true, true, true, false]);
  expect(events.at(-1)?.event?.data).toBe('next');
});
