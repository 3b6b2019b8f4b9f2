// Prices that are allowed and yet probably a slip: a thousand times off, a unit left out, a tool that is named nowhere else.
import type { Operation, RateCard } from './card.ts';
import { compare, decimalText, type Rational } from './exact.ts';
import { nearest } from './nearest.ts';
import type { Place, Report } from './parse.ts';
import type { RateSource } from './schema.ts';

interface Line {
  operation: Operation;
  source: RateSource;
  index: number;
  place: Place;
}

export function lintRateCard(card: RateCard, report: Report): void {
  const lines = linesOf(card);
  lintPlans(card, report);
  for (const line of lines) {
    lintTable(line, report);
    lintByPlan(line, card, report);
  }
  for (const siblings of Map.groupBy(lines, ({ source }) => source.per).values()) {
    if (siblings[0]?.source.per === undefined) continue;
    lintUnits(siblings, report);
    lintSizes(siblings, report);
  }
  for (const service of card.services)
    for (const operation of service.operations) {
      lintTools(operation, placeOf(card, operation), report);
      if (service.keepsThings) lintShared(operation, placeOf(card, operation), report);
    }
}

/** What reads without naming one thing may show what others made, and is refused as soon as there are several organizations. */
function lintShared({ id, method, owns, shares }: Operation, place: Place, report: Report): void {
  if (method !== 'GET' || owns !== undefined || shares) return;
  report.warning(
    place,
    `${id} may show what other organizations made here, and is refused where there are several; say owns:, or shares: true where it shows nothing of others.`,
  );
}

/** Nobody can get credits under it, except by hand. */
function lintPlans({ plans, packages }: RateCard, report: Report): void {
  if (packages.size > 0) return;
  for (const { name, pool, seats, extra } of plans.values()) {
    const given = pool > 0 || extra !== undefined || [...seats.values()].some((seat) => seat.allowance > 0 || seat.lifetime > 0);
    if (given) continue;
    const message = `under the plan ${name} nobody gets credits: it has no allowance, lifetime, pool or extra, and the card has no packages.`;
    report.warning(['plans', name], message);
  }
}

/** A plan of the card that the table leaves out is refused, or charged as another: that should be written. */
function lintByPlan({ source, place }: Line, { plans }: RateCard, report: Report): void {
  const table = source.is ?? source.tiers;
  if (source.by !== 'plan' || table === undefined || source.unknown !== undefined) return;
  const left = [...plans.keys()].filter((name) => !Object.hasOwn(table, name));
  if (left.length === 0) return;
  report.warning(
    place,
    `calls under ${left.join(', ')} would be refused here; add a price, or write unknown: refuse, most or a plan.`,
  );
}

/** How far a price may be from its siblings before it is asked about. */
const FAR = 1000n;

function linesOf(card: RateCard): Line[] {
  return card.services.flatMap(({ operations }) =>
    operations.flatMap((operation) => {
      const place = placeOf(card, operation);
      return operation.source.price.map((source, index) => ({ operation, source, index, place: [...place, 'price', index] }));
    }),
  );
}

function placeOf(card: RateCard, operation: Operation): Place {
  const index = card.source.services[operation.service]?.operations.indexOf(operation.source) ?? 0;
  return ['services', operation.service, 'operations', index];
}

/** Within one table: each value against the others. */
function lintTable({ source, place }: Line, report: Report): void {
  if (source.is === undefined || source.sure === true) return;
  const rows = Object.entries(source.is).filter(([, price]) => price > 0);
  if (rows.length < 2) return;
  const prices = rows.map(([, price]) => price).sort((a, b) => a - b);
  const middle = prices[Math.floor((prices.length - 1) / 2)] ?? 0;
  for (const [key, price] of rows) {
    if (price < middle * Number(FAR) && price * Number(FAR) > middle) continue;
    report.warning(
      [...place, 'is', key],
      `${key} costs ${price} where its siblings cost about ${middle}; is that meant? Then write sure: true.`,
    );
  }
}

/** A unit left out makes a price per 1,000 a thousand times too high. */
function lintUnits(siblings: readonly Line[], report: Report): void {
  const withUnit = siblings.find(({ source }) => source.unit !== undefined);
  if (withUnit === undefined) return;
  for (const { source, place } of siblings) {
    if (source.unit !== undefined || source.sure === true) continue;
    const { operation, index, source: other } = withUnit;
    const message = `unit is missing, and ${operation.id}.price[${index}] has unit: ${other.unit} for ${source.per}; write it, or unit: 1.`;
    report.problem(place, message);
  }
}

/** The same quantity in different lines: the dearest single unit of each against the others. */
function lintSizes(siblings: readonly Line[], report: Report): void {
  const priced = siblings.flatMap((line) => {
    const price = dearestSingle(line);
    return price === undefined || price.numerator === 0n ? [] : [{ line, price }];
  });
  const ordered = priced.toSorted((a, b) => compare(a.price, b.price));
  const middle = ordered[Math.floor((ordered.length - 1) / 2)]?.price;
  if (middle === undefined || ordered.length < 2) return;
  for (const { line, price } of priced) {
    if (line.source.sure === true || !(isFar(price, middle) || isFar(middle, price))) continue;
    const [found, usual] = [price, middle].map((one) => decimalText(one.numerator, one.denominator));
    report.warning(
      line.place,
      `one ${line.source.per} costs ${found} here and about ${usual} elsewhere; is that meant? Then write sure: true.`,
    );
  }
}

function dearestSingle({ operation, index }: Line): Rational | undefined {
  const prices = [...(operation.pricing.rates[index]?.prices.values() ?? [])];
  return prices.toSorted((a, b) => compare(b, a))[0];
}

function isFar(a: Rational, b: Rational): boolean {
  return a.numerator * b.denominator >= FAR * b.numerator * a.denominator;
}

/** A condition on a tool that no table knows frees nothing, or something that nobody listed. */
function lintTools({ source }: Operation, place: Place, report: Report): void {
  const known = new Set(
    source.price.filter(({ by }) => by === 'tool.name').flatMap((rate) => Object.keys(rate.tiers ?? rate.is ?? {})),
  );
  if (known.size === 0) return;
  for (const [index, { when }] of (source.free ?? []).entries()) {
    for (const [, name = ''] of when.matchAll(/tool\.name\s*==\s*["']([^"']*)["']/g)) {
      if (known.has(name)) continue;
      const near = nearest(name, known);
      const right = near === undefined ? `known are ${[...known].join(', ')}` : `did you mean "${near}"?`;
      report.warning([...place, 'free', index, 'when'], `no table of this price lists the tool "${name}"; ${right}`);
    }
  }
}
