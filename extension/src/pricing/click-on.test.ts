import { beforeEach, expect, test, vi } from 'vitest';

const gateway = vi.hoisted(() => ({ newest: undefined as string | undefined, isThere: true, asked: 0 }));
vi.mock('../worker/gateway.ts', () => ({
  askGateway: async () => {
    gateway.asked += 1;
    await Promise.resolve();
    const calls = gateway.newest === undefined ? [] : [{ heldAt: gateway.newest }];
    return gateway.isThere ? { ok: true, status: 200, body: { calls, next: null } } : { ok: false, status: null, problem: {} };
  },
}));
const { clickOn } = await import('./click-on.ts');
const { learnEnded, noteEnded } = await import('./ended-before.ts');
const { matchCalls } = await import('./match-calls.ts');

const NOON = Date.parse('2026-11-20T12:00:00Z');
let number = 0;
let pairing = '';
const tag = (...operations: readonly string[]): Parameters<typeof clickOn>[0] => ({
  key: 'k',
  parts: operations.map((operation) => ({ operation, inputs: {} })),
});
const call = (operation: string, heldAt: number): Parameters<typeof matchCalls>[1][number] => ({
  id: 'c',
  pairing,
  operation,
  startedAt: 20,
  heldAt,
});

beforeEach(() => {
  pairing = `https://credits.test ${(number += 1)}`;
  Object.assign(gateway, { newest: undefined, isThere: true, asked: 0 });
});

test('a click in the first moment of a worker takes no call that had ended before', async () => {
  gateway.newest = '2026-11-20T12:00:00Z';
  const clicks = await Promise.all([clickOn(tag('run'), pairing, 10), clickOn(tag('run'), pairing, 11)]);
  expect(clicks.map(({ since }) => since)).toEqual([NOON, NOON]);
  expect(gateway.asked).toBe(1);
  expect(matchCalls([clicks[0]], [call('run', NOON - 1)]).placed).toEqual([]);
  expect(matchCalls([clicks[0]], [call('run', NOON + 1)]).placed).toHaveLength(1);
});

test('the newest call from before the click is not of it; where it was first asked for at the click, it may be', async () => {
  gateway.newest = '2026-11-20T12:00:00Z';
  await learnEnded(pairing, false);
  const after = await clickOn(tag('run'), pairing, 10);
  expect(matchCalls([after], [call('run', NOON)]).placed).toEqual([]);
  expect(matchCalls([after], [call('run', NOON + 1)]).placed).toHaveLength(1);
  pairing += ' at the click';
  expect(matchCalls([await clickOn(tag('run'), pairing, 10)], [call('run', NOON)]).placed).toHaveLength(1);
});

test('where the gateway does not tell, nothing is put to it; where there was no call yet, the first one is', async () => {
  gateway.isThere = false;
  expect(matchCalls([await clickOn(tag('run'), pairing, 10)], [call('run', NOON)]).placed).toEqual([]);
  gateway.isThere = true;
  expect(matchCalls([await clickOn(tag('run'), pairing, 10)], [call('run', NOON)]).placed).toHaveLength(1);
});

test('a receipt that came later does not move what had ended by then', async () => {
  noteEnded(pairing, { endedAt: null, heldAt: '2026-11-20T12:00:00Z' });
  const clicking = clickOn(tag('run'), pairing, 10);
  noteEnded(pairing, { endedAt: '2026-11-20T13:00:00Z', heldAt: '2026-11-20T12:59:00Z' });
  expect((await clicking).since).toBe(NOON);
});

test('an operation can have any name', async () => {
  const names = ['constructor', 'toString', '__proto__', 'constructor'];
  const { expects } = await clickOn(tag(...names), pairing, 10);
  expect(Object.entries(expects)).toEqual([
    ['constructor', 2],
    ['toString', 1],
    ['__proto__', 1],
  ]);
});
