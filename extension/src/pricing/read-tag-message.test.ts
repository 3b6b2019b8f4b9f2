import { expect, test } from 'vitest';
import { believableClaim, readTagMessage } from './read-tag-message.ts';

const part = { operation: 'query.execute', inputs: { 'body.performance': 'large' } };
const tag = { key: 'k', rule: 'card x', origin: 'card', via: 'gateway', parts: [part], schedule: null, claimed: null };
const tags = (more: object): unknown => ({ type: 'tags', tags: [{ ...tag, ...more }], gone: [] });

test('what a content script of ours sends is read as it is', () => {
  expect(readTagMessage(tags({}))).toEqual(tags({}));
  expect(readTagMessage({ type: 'visible' })).toEqual({ type: 'visible' });
  expect(readTagMessage({ type: 'called', callId: '0mxk1', startedAt: 12.5 })).toBeDefined();
});

test.each([
  ['nothing', null],
  ['text', 'tags'],
  ['another type', { type: 'balance' }],
  ['no number', { type: 'acted', key: 'k', at: Number.NaN }],
  ['an endless number', { type: 'called', callId: 'a', startedAt: Infinity }],
  ['an id with a path in it', { type: 'called', callId: '../keys', startedAt: 1 }],
  ['no parts', tags({ parts: [] })],
  ['an input name that is a path', tags({ parts: [{ ...part, inputs: { '__proto__/x': 1 } }] })],
  ['an object as an input', tags({ parts: [{ ...part, inputs: { x: {} } }] })],
  ['31 inputs', tags({ parts: [{ ...part, inputs: Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`x${n}`, 1])) }] })],
  ['5,001 tags', { type: 'tags', tags: Array.from({ length: 5_001 }, () => tag), gone: [] }],
  ['an endless claim', tags({ claimed: Infinity })],
])('%s is none of ours', (_what, message) => {
  expect(readTagMessage(message)).toBeUndefined();
});

test('a long text is cut, not passed on', () => {
  const read = readTagMessage(tags({ parts: [{ ...part, inputs: { prompt: 'x'.repeat(10_000) } }] }));
  expect(read?.type === 'tags' ? String(read.tags[0]?.parts[0]?.inputs['prompt']).length : 0).toBe(1_000);
});

test.each([
  [12, 12],
  [0, 0],
  [0.000001, 0.000001],
  [-1, null],
  [1e10, null],
  [0.0000001, null],
  [null, null],
])('a page may claim %s: %s', (claimed, believed) => {
  expect(believableClaim({ claimed })).toBe(believed);
});
