// Prices in whole numbers of one fixed small part, sharing no code with the pricing that it checks.
import type { Line, Use } from './card.ts';

// A quantity has at most three decimals here, a rate six, and every unit in use divides 21,000: so all costs are whole parts.
const PARTS_PER_CREDIT = 1_000n * 1_000_000n * 21_000n;

/** Microcredits of this usage, rounded up once to the step. */
export function calculated(lines: readonly Line[], model: string, used: Use, stepCredits: number): number {
  let parts = 0n;
  for (const line of lines) parts += costOf(line, model, used);
  const step = (PARTS_PER_CREDIT / 1_000_000n) * BigInt(Math.round(stepCredits * 1e6));
  const steps = parts % step === 0n ? parts / step : parts / step + 1n;
  return Number(steps) * Math.round(stepCredits * 1e6);
}

function costOf(line: Line, model: string, used: Use): bigint {
  if (line.kind === 'fixed') return millionths(line.rate) * 1_000n * 21_000n;
  if (line.kind === 'formula') {
    const stretched = used.bytes * line.factor;
    const sevenths = Math.ceil(used.seconds / 7);
    const thousandths =
      (stretched > sevenths ? stretched : sevenths) + 1000 * (used.output_tokens < 100 ? used.output_tokens : 100);
    return BigInt(thousandths) * (PARTS_PER_CREDIT / 1_000n);
  }
  const thousandths = BigInt(Math.round(used[line.per] * 1000));
  const perUnit = BigInt(21_000 / line.unit);
  if (line.kind === 'graduated') {
    let cost = 0n;
    for (let index = 0; index < 3; index += 1) {
      const from = BigInt([0, ...line.steps][index] ?? 0) * 1000n;
      const end = index === 2 ? undefined : BigInt(line.steps[index] ?? 0) * 1000n;
      const until = end === undefined || thousandths < end ? thousandths : end;
      if (until > from) cost += (until - from) * perUnit * millionths(line.rates[index] ?? 0);
    }
    return cost;
  }
  const rate = millionths(line.rates[model === 'a' ? 0 : 1]);
  if (line.kind === 'linear') return thousandths * perUnit * rate;
  const whole = 1_000n * 21_000n;
  const started = (thousandths * perUnit + whole - 1n) / whole;
  return started * rate * whole;
}

function millionths(rate: number): bigint {
  return BigInt(Math.round(rate * 1e6));
}
