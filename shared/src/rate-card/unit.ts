// Sizes and times as an admin writes them: `100 MB`, `4 KB`, `40m`. Sizes are decimal: 1 MB is 1,000,000 bytes.

const SIZES: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const TIMES: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads a plain number, a size (in bytes) or a time (in seconds).
 * @returns `undefined` where the text is none of them, so that it may be an expression.
 */
export function parseAmount(value: number | string): number | undefined {
  if (typeof value === 'number') return value;
  const match = /^(\d{1,15}(?:\.\d{1,9})?)\s*([A-Za-z]{1,2})?$/.exec(value.trim());
  if (match === null) return undefined;
  const [, digits, unit] = match;
  const factor = unit === undefined ? 1 : (SIZES[unit] ?? TIMES[unit]);
  if (factor === undefined) return undefined;
  // A product such as 1.1 × 60 carries binary dust past the ninth decimal.
  return Math.round(Number(digits) * factor * 1e9) / 1e9;
}

/** Seconds of `40m`, `10s`, `500ms`, or of a plain number. */
export function parseSeconds(value: number | string): number | undefined {
  if (typeof value === 'string' && /(?:B|[KMGT]B)$/.test(value.trim())) return undefined;
  return parseAmount(value);
}

/** Bytes of `1 MB`, or of a plain number. */
export function parseBytes(value: number | string): number | undefined {
  if (typeof value === 'string' && /(?:ms|[smhd])$/.test(value.trim())) return undefined;
  return parseAmount(value);
}
