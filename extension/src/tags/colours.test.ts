import { expect, test } from 'vitest';
import { coloursOfSign, contrast, over, parseColour, WHITE, type Colour, type Tone } from './colours.ts';

const tones: readonly Tone[] = ['plain', 'hint', 'low', 'refused', 'unknown'];
const steps = [0, 0.25, 0.45, 0.55, 0.75, 1];
const some: Colour[] = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => ({ r, g, b, a: 1 }))));

test('whatever the colours of a page, a tag can be read', () => {
  const bad = some.flatMap((background, at) => {
    const text = some[(at * 7) % some.length] ?? WHITE;
    return tones.filter((tone) => {
      const made = coloursOfSign(background, text, tone);
      const [ink, muted, below] = [made.ink, made.muted, made.background].map((each) => parseColour(each));
      return [ink, muted].some((each) => !each || !below || contrast(each, below) < 4.5);
    });
  });
  expect(bad).toEqual([]);
});

test('a tag on white with dark text is nearly white, with that text', () => {
  const ink: Colour = { r: 0.1, g: 0.1, b: 0.1, a: 1 };
  expect(coloursOfSign(WHITE, ink, 'plain')).toMatchObject({ background: 'rgb(239 239 239)', ink: 'rgb(26 26 26)' });
});

test('red is for refused alone', () => {
  const ink: Colour = { r: 0, g: 0, b: 0, a: 1 };
  expect(coloursOfSign(WHITE, ink, 'refused').ink).toBe('rgb(163 42 34)');
  expect(tones.filter((tone) => coloursOfSign(WHITE, ink, tone).ink === 'rgb(163 42 34)')).toEqual(['refused']);
});

test('what browsers write is read', () => {
  expect(parseColour('rgb(255, 0, 51)')).toEqual({ r: 1, g: 0, b: 0.2, a: 1 });
  expect(parseColour('rgba(0, 0, 0, 0)')).toEqual({ r: 0, g: 0, b: 0, a: 0 });
  expect(parseColour('color(srgb 0.5 1.2 -0.1 / 0.5)')).toEqual({ r: 0.5, g: 1, b: 0, a: 0.5 });
  expect(parseColour('oklch(0.7 0.1 200)')).toBeNull();
});

test('half black over white is grey', () => {
  expect(over({ r: 0, g: 0, b: 0, a: 0.5 }, WHITE)).toEqual({ r: 0.5, g: 0.5, b: 0.5, a: 1 });
});
