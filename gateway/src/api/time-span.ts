// Lengths of time as requests say them: 30m, 24h, 7d. The contract checks their shape.

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @param span a whole number with its unit, as a contract has checked it */
export function millisecondsOf(span: string): number {
  const unit = UNITS[span.at(-1) ?? ''];
  if (unit === undefined) throw new Error(`"${span}" has no unit of time`);
  return Number.parseInt(span, 10) * unit;
}

/** In the largest unit that it is a whole number of. */
export function spanOf(ms: number): string {
  const [unit = 's', length = 1_000] = Object.entries(UNITS).findLast(([, one]) => ms % one === 0 && ms > 0) ?? [];
  return `${ms / length}${unit}`;
}
