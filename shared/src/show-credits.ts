// How amounts are written for people: the same in console, popup and price tags (LOOK, Numbers). By Intl, so that each reader gets the
// separators of their own language.

/** Never 0 for unknown. */
export const UNKNOWN = '–';

/** Up to three decimals on a screen; `exact` has all six, for receipts. Unknown is a dash. */
export function showCredits(credits: number | null | undefined, locale?: string, exact = false): string {
  if (credits === null || credits === undefined || !Number.isFinite(credits)) return UNKNOWN;
  return formatOf(locale, exact ? 6 : decimalsOf(credits)).format(credits === 0 ? 0 : credits);
}

/** `−12.4` for what was spent. */
export function showSpent(credits: number | null | undefined, locale?: string): string {
  const text = showCredits(credits, locale);
  return text === UNKNOWN || credits === 0 ? text : `−${text}`;
}

/** `12` where the price is exact, `≈ 12` where it is expected, `up to 40` is the words' business. */
export function showEstimate({ exact, expected }: { exact: boolean; expected: number | null }, locale?: string): string {
  const text = showCredits(expected, locale);
  return exact || text === UNKNOWN ? text : `≈ ${text}`;
}

/** `9–40`. */
export function showRange(low: number, high: number, locale?: string): string {
  return `${showCredits(low, locale)}–${showCredits(high, locale)}`;
}

/** Without decimals unless under one. */
export function showPercent(percent: number | null | undefined, locale?: string): string {
  if (percent === null || percent === undefined || !Number.isFinite(percent)) return UNKNOWN;
  const most = percent > 0 && percent < 1 ? 1 : 0;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: most, roundingMode: 'floor' }).format(percent)} %`;
}

/** Small amounts keep what tells them apart from nothing. */
function decimalsOf(credits: number): number {
  return credits !== 0 && Math.abs(credits) < 0.001 ? 6 : 3;
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string | undefined, decimals: number): Intl.NumberFormat {
  const name = `${locale ?? ''} ${decimals}`;
  const kept = formats.get(name) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: decimals });
  formats.set(name, kept);
  return kept;
}
