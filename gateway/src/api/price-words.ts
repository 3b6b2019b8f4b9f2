// Rates of a card in words, for people who read a price list.
import { formatCredits, parseCredits } from '@tollgate/shared/credits';
import type { BoundSource, RateSource } from '@tollgate/shared/rate-card/schema';

/** `0.5 credits per 1,000 input_tokens with body.model gpt-4o`; one line for each row of a table. */
export function rateWords(rate: RateSource, tiers: Readonly<Record<string, number>>): string[] {
  if (rate.formula !== undefined) return [`${rate.formula} credits`];
  if (rate.graduated !== undefined) return [graduatedWords(rate)];
  const tierPrice = (tier: string): number => tiers[tier] ?? 0;
  const rows =
    rate.is === undefined
      ? Object.entries(rate.tiers ?? {}).map(([value, tier]) => [value, tierPrice(tier)] as const)
      : Object.entries(rate.is);
  const unit = unitWords(rate);
  if (rows.length === 0) return [`${amount(rate.tier === undefined ? (rate.rate ?? 0) : tierPrice(rate.tier))} ${unit}`];
  const lines = rows.map(([value, price]) => `${amount(price)} ${unit} with ${rate.by} ${value}`);
  if (rate.absent !== undefined) lines.push(`without ${rate.by}, as ${String(rate.absent)}`);
  const unknown = String(rate.unknown ?? 'refuse');
  if (unknown === 'most') lines.push(`with any other ${rate.by}, the highest of these`);
  else if (unknown !== 'refuse') lines.push(`with any other ${rate.by}, as ${unknown}`);
  return lines;
}

function unitWords({ per, unit, started }: RateSource): string {
  if (per === undefined) return 'per call';
  const many = unit === undefined || unit === 1 ? '' : `${typeof unit === 'number' ? unit.toLocaleString('en') : unit} `;
  return `per ${started === true ? 'started ' : ''}${many}${per}`;
}

function graduatedWords(rate: RateSource): string {
  const unit = unitWords(rate);
  const steps = (rate.graduated ?? []).map(({ upto, rate: price }) => {
    return `${amount(price)}${upto === undefined ? ' for all further' : ` up to ${typeof upto === 'number' ? upto.toLocaleString('en') : upto}`}`;
  });
  return `${unit}: ${steps.join(', ')}`;
}

/** The most of a quantity, as the card says it. */
export function mostWords(most: BoundSource['most']): string {
  if (typeof most === 'number') return most.toLocaleString('en');
  if (typeof most === 'string') return most;
  const rows = Object.entries(most.is).map(
    ([value, limit]) => `${typeof limit === 'number' ? limit.toLocaleString('en') : limit} for ${value}`,
  );
  return `by ${most.by}: ${rows.join(', ')}`;
}

function amount(price: number): string {
  const exact = parseCredits(price);
  // A price below a microcredit is written as the card writes it: only totals are rounded.
  const text = exact === undefined ? String(price) : formatCredits(exact);
  return `${text} ${price === 1 ? 'credit' : 'credits'}`;
}
