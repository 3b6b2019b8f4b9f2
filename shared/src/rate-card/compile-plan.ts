// From plans and packages as they are written to what an organization is given. What would give nothing, or could never be drawn, is
// a problem: nobody should find out from an empty balance.
import { microcredits, MICROCREDITS_PER_CREDIT, ZERO, type Microcredits } from '../credits.ts';
import { didYouMean } from './nearest.ts';
import type { Place, Report } from './parse.ts';
import type { DrawName, Money, Package, Plan, SeatType } from './plan.ts';
import type { PlanSource, RateCardSource, SeatTypeSource } from './schema.ts';

export function compilePlans({ plans = {} }: RateCardSource, report: Report): Map<string, Plan> {
  return new Map(Object.entries(plans).map(([name, source]) => [name, compilePlan(name, source, report, ['plans', name])]));
}

export function compilePackages({ packages = {} }: RateCardSource, report: Report): Map<string, Package> {
  const compiled = Object.entries(packages).map(([name, source]): [string, Package] => {
    const place = ['packages', name];
    const price = moneyOf(source.price, report, [...place, 'price']);
    // One that costs nothing would be bought without end.
    if (/^[0.]+$/.test(price.amount))
      report.problem(
        [...place, 'price'],
        'a package that costs nothing could be bought without end; a price above 0 would be right.',
      );
    return [name, { name, credits: creditsOf(source.credits, report, [...place, 'credits']), price, months: source.months }];
  });
  return new Map(compiled);
}

function compilePlan(name: string, source: PlanSource, report: Report, place: Place): Plan {
  const draw = drawOf(source.draw, source, report, place) ?? defaultDraw(source);
  const pool = creditsOf(source.pool, report, [...place, 'pool']);
  const seats = seatTypesOf(source, draw, report, place);
  const { extra, rollover } = source;
  const plan: Plan = {
    name,
    every: source.every,
    cycle: source.cycle ?? 'calendar',
    pool,
    seats,
    draw,
    extra: extra && {
      limit: creditsOf(extra.limit, report, [...place, 'extra', 'limit']),
      fee: moneyOf(extra.fee, report, [...place, 'extra', 'fee']),
    },
    rollover: rollover && { most: creditsOf(rollover.most, report, [...place, 'rollover', 'most']), cycles: rollover.for },
    price: moneyIf(source.price, report, [...place, 'price']),
  };
  checkDrawn(plan, report, place);
  checkCycle(source, report, place);
  return plan;
}

function seatTypesOf(source: PlanSource, draw: readonly DrawName[], report: Report, place: Place): Map<string, SeatType> {
  const { seats } = source;
  // Its price is the plan's own.
  if (seats === undefined) return new Map([['', { ...seatTypeOf('', source, draw, report, place), price: undefined }]]);
  for (const form of ['allowance', 'lifetime'] as const) {
    if (source[form] === undefined) continue;
    report.problem([...place, form], `${form} is a person's, and this plan has seats; it belongs into seats, or seats out.`);
  }
  const named = Object.entries(seats);
  if (named.length === 0) report.problem([...place, 'seats'], 'there is no seat type; at least one would be right, or no seats.');
  return new Map(
    named.map(([type, seat]) => {
      const there = [...place, 'seats', type];
      return [type, seatTypeOf(type, seat, drawOf(seat.draw, source, report, there) ?? draw, report, there)];
    }),
  );
}

function seatTypeOf(name: string, source: SeatTypeSource, draw: readonly DrawName[], report: Report, place: Place): SeatType {
  for (const form of ['allowance', 'lifetime'] as const) {
    if ((source[form] ?? 0) === 0 || draw.includes('individual')) continue;
    report.problem(
      [...place, form],
      `this ${form} is a person's own, and its draw leaves out individual; add it, or take one out.`,
    );
  }
  return {
    name,
    allowance: creditsOf(source.allowance, report, [...place, 'allowance']),
    lifetime: creditsOf(source.lifetime, report, [...place, 'lifetime']),
    draw,
    price: moneyIf(source.price, report, [...place, 'price']),
  };
}

/** A draw order as it is written, checked; undefined where none is. */
function drawOf(
  draw: readonly DrawName[] | undefined,
  { extra }: PlanSource,
  report: Report,
  place: Place,
): readonly DrawName[] | undefined {
  for (const [index, name] of (draw ?? []).entries()) {
    const there = [...place, 'draw', index];
    if (draw?.indexOf(name) !== index) report.problem(there, `${name} is drawn twice; once would be right.`);
    else if (name !== 'extra') continue;
    else if (extra === undefined)
      report.problem(there, 'the plan has no extra credits; add extra: { fee: 0.002 USD }, or take it out.');
    else if (index !== draw.length - 1) report.problem(there, 'extra is drawn last; the end of the list would be right.');
  }
  return draw;
}

function defaultDraw({ extra }: PlanSource): readonly DrawName[] {
  return extra === undefined ? ['individual', 'pool'] : ['individual', 'pool', 'extra'];
}

/** What is given must be drawn by somebody. */
function checkDrawn(plan: Plan, report: Report, place: Place): void {
  const drawn = new Set([...plan.draw, ...[...plan.seats.values()].flatMap((seat) => seat.draw)]);
  if (plan.pool > 0 && !drawn.has('pool'))
    report.problem([...place, 'pool'], 'no draw of this plan names pool, so nobody could use it; add it, or take the pool out.');
  if (plan.extra !== undefined && !drawn.has('extra'))
    report.problem([...place, 'extra'], 'no draw of this plan names extra; add it at the end, or take extra out.');
  const comes = plan.pool > 0 || [...plan.seats.values()].some(({ allowance }) => allowance > 0);
  if (plan.rollover === undefined || comes) return;
  report.problem(
    [...place, 'rollover'],
    'there is nothing to go on from cycle to cycle; add an allowance or a pool, or take rollover out.',
  );
}

/** What comes again needs to say how often. */
function checkCycle(source: PlanSource, report: Report, place: Place): void {
  if (source.every !== undefined) return;
  const again: Place[] = [['pool'], ['allowance'], ['price'], ['cycle']];
  for (const seat of Object.keys(source.seats ?? {})) again.push(['seats', seat, 'allowance'], ['seats', seat, 'price']);
  const found = again.find((steps) => (valueAt(source, steps) ?? 0) !== 0);
  if (found === undefined) return;
  const message = `${found.at(-1)} is for each cycle, and nothing says how long one is; every: month would be right.`;
  report.problem([...place, ...found], message);
}

function valueAt(source: PlanSource, [form = '', seat, ofSeat]: Place): unknown {
  if (seat === undefined) return source[form as keyof PlanSource];
  return source.seats?.[seat]?.[ofSeat as keyof SeatTypeSource];
}

/** Zero where it is left out. The schema has seen to it that it is a number of zero or more, and not too many. */
function creditsOf(value: number | undefined, report: Report, place: Place): Microcredits {
  if (value === undefined) return ZERO;
  const amount = Math.round(value * MICROCREDITS_PER_CREDIT);
  if (amount / MICROCREDITS_PER_CREDIT === value) return microcredits(amount);
  report.problem(place, `${value} is finer than a microcredit; at most six decimals would be right.`);
  return ZERO;
}

function moneyIf(text: string | undefined, report: Report, place: Place): Money | undefined {
  return text === undefined ? undefined : moneyOf(text, report, place);
}

function moneyOf(text: string, report: Report, place: Place): Money {
  const [amount = '', currency = ''] = text.split(' ');
  const known = Intl.supportedValuesOf('currency');
  if (!known.includes(currency))
    report.problem(
      place,
      `${currency} is not a currency; a code such as USD or EUR would be right.${didYouMean(currency, ['USD', 'EUR', 'GBP', 'JPY'])}`,
    );
  return { amount, currency };
}
