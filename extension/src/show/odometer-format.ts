// Six to eight digits: as many decimals as keep the width steady, never more than three for amounts that have them, never rounded up.

export interface OdometerFormat {
  minimumFractionDigits: number;
  maximumFractionDigits: number;
  roundingMode: 'floor';
  notation?: 'compact';
}

/** How the odometer writes so many decimal credits: `7,412.60`, `74,126.0`, `741,260`; under one credit what tells it from nothing. */
export function odometerFormat(credits: number): OdometerFormat {
  const whole = Math.abs(credits);
  if (whole >= 1e8) return { minimumFractionDigits: 1, maximumFractionDigits: 1, roundingMode: 'floor', notation: 'compact' };
  const decimals = whole >= 100_000 ? 0 : whole >= 10_000 ? 1 : whole >= 1 || whole === 0 ? 2 : whole >= 0.001 ? 3 : 6;
  return { minimumFractionDigits: decimals, maximumFractionDigits: decimals, roundingMode: 'floor' };
}
