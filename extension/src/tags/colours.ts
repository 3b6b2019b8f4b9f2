// A tag's colours, mixed from those of the page at its place, so that it belongs there and can still be read: at least 4.5 to 1.

/** Parts of red, green, blue and opacity, each from 0 to 1. */
export interface Colour {
  r: number;
  g: number;
  b: number;
  a: number;
}

export interface SignColours {
  background: string;
  line: string;
  ink: string;
  muted: string;
}

export type Tone = 'plain' | 'hint' | 'low' | 'refused' | 'unknown';

export const WHITE: Colour = { r: 1, g: 1, b: 1, a: 1 };
export const BLACK: Colour = { r: 0, g: 0, b: 0, a: 1 };

// LOOK, Colour: on light, on dark. Red is for refused alone.
const TONES: Readonly<Record<'low' | 'refused', readonly [Colour, Colour]>> = {
  low: [hex(0x8a5300), hex(0xe0a94a)],
  refused: [hex(0xa32a22), hex(0xf08a7e)],
};
const CONTRAST_LEAST = 4.5;

/** @param background what the page has there, opaque  @param text the page's own text there */
export function coloursOfSign(background: Colour, text: Colour, tone: Tone): SignColours {
  const own = over(text, background);
  const light = luminance(background) > 0.18;
  const [onLight, onDark] = tone === 'low' || tone === 'refused' ? TONES[tone] : [own, own];
  const wanted = light ? onLight : onDark;
  const surface = mix(background, wanted, 0.07);
  const ink = readable(wanted, surface);
  return {
    background: write(surface),
    line: write(mix(background, ink, tone === 'hint' ? 0.5 : 0.25)),
    ink: write(ink),
    muted: write(readable(mix(ink, surface, 0.28), surface)),
  };
}

/** Of what `getComputedStyle` writes, in its own or as sRGB parts; null for other spaces, which the caller has the browser convert. */
export function parseColour(text: string): Colour | null {
  const old = /^rgba?\(\s*([\d.]+),?\s+([\d.]+),?\s+([\d.]+)(?:\s*[,/]\s*([\d.]+%?))?\s*\)$/.exec(text);
  if (old !== null) return { r: part(old[1]) / 255, g: part(old[2]) / 255, b: part(old[3]) / 255, a: opacity(old[4]) };
  const srgb = /^color\(srgb\s+([-\d.e]+)\s+([-\d.e]+)\s+([-\d.e]+)(?:\s*\/\s*([\d.]+%?))?\s*\)$/.exec(text);
  if (srgb === null) return null;
  const inside = (given: string | undefined): number => Math.min(1, Math.max(0, part(given)));
  return { r: inside(srgb[1]), g: inside(srgb[2]), b: inside(srgb[3]), a: opacity(srgb[4]) };
}

/** One colour laid over another. */
export function over(above: Colour, below: Colour): Colour {
  const a = above.a + below.a * (1 - above.a);
  if (a === 0) return { r: 0, g: 0, b: 0, a: 0 };
  const each = (top: number, under: number): number => (top * above.a + under * below.a * (1 - above.a)) / a;
  return { r: each(above.r, below.r), g: each(above.g, below.g), b: each(above.b, below.b), a };
}

/** Of WCAG: 1 for the same, 21 for black on white. */
export function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The colour itself, or as little further towards black or white as it takes. */
function readable(ink: Colour, background: Colour): Colour {
  const end = contrast(BLACK, background) > contrast(WHITE, background) ? BLACK : WHITE;
  for (let share = 0; share < 1; share += 0.1) {
    const tried = rounded(mix(ink, end, share));
    if (contrast(tried, rounded(background)) >= CONTRAST_LEAST) return tried;
  }
  return end;
}

function mix(one: Colour, other: Colour, share: number): Colour {
  const each = (a: number, b: number): number => a + (b - a) * share;
  return { r: each(one.r, other.r), g: each(one.g, other.g), b: each(one.b, other.b), a: 1 };
}

function luminance({ r, g, b }: Colour): number {
  const linear = (each: number): number => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** As it is written, so that what is promised is what is shown. */
function rounded({ r, g, b }: Colour): Colour {
  return { r: Math.round(r * 255) / 255, g: Math.round(g * 255) / 255, b: Math.round(b * 255) / 255, a: 1 };
}

function write({ r, g, b }: Colour): string {
  return `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`;
}

function hex(number: number): Colour {
  return { r: (number >> 16) / 255, g: ((number >> 8) & 255) / 255, b: (number & 255) / 255, a: 1 };
}

function part(text: string | undefined): number {
  const number = Number(text);
  return Number.isFinite(number) ? number : 0;
}

function opacity(text: string | undefined): number {
  if (text === undefined) return 1;
  return text.endsWith('%') ? part(text.slice(0, -1)) / 100 : part(text);
}
