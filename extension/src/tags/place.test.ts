import { expect, test } from 'vitest';
import { boxAt, choosePlace, overlaps, type Box, type Placing } from './place.ts';

const view: Box = { left: 0, top: 0, width: 1000, height: 600 };
const sign = { width: 40, height: 18 };
const placing = (element: Box, more: Partial<Placing> = {}): Placing => ({
  element,
  sign,
  view,
  rightToLeft: false,
  kept: null,
  ...more,
});
const button: Box = { left: 100, top: 100, width: 80, height: 30 };

test('at the end, in the middle of the height', () => {
  expect(choosePlace(placing(button), () => true)).toEqual({
    side: 'end',
    box: { left: 184, top: 106, width: 40, height: 18 },
  });
});

test('at the end where that is the left', () => {
  expect(choosePlace(placing(button, { rightToLeft: true }), () => true).box.left).toBe(56);
});

test('above its end where something stands beside it', () => {
  const neighbour: Box = { left: 185, top: 100, width: 80, height: 30 };
  expect(choosePlace(placing(button), (box) => !overlaps(box, neighbour))).toMatchObject({
    side: 'above',
    box: { left: 140, top: 81 },
  });
});

test('it stays where it was while that is free, though a better place came free', () => {
  expect(choosePlace(placing(button, { kept: 'below' }), () => true).side).toBe('below');
});

test('nothing free: on the corner, and inside what can be seen', () => {
  const wide: Box = { left: 0, top: 0, width: 1000, height: 30 };
  const { side, box } = choosePlace(placing(wide), () => false);
  expect(side).toBe('corner');
  expect(box.left + box.width).toBeLessThanOrEqual(1000);
  expect(box.top).toBe(0);
});

test('a button at the edge has its sign above: it never makes the page wider', () => {
  expect(choosePlace(placing({ left: 920, top: 100, width: 80, height: 30 }), () => true).side).toBe('above');
});

test('what scrolls takes its sign along', () => {
  const before = boxAt('end', { element: button, sign, rightToLeft: false, view });
  const after = boxAt('end', { element: { ...button, top: 40 }, sign, rightToLeft: false, view });
  expect(after).toEqual({ ...before, top: before.top - 60 });
});
