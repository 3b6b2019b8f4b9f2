// From an operation as it is written to what the gateway calls: what it reads, how it is bounded, what it costs.
import type { Meter } from '../meter/meter.ts';
import { microcredits, MICROCREDITS_MAX, MICROCREDITS_PER_CREDIT, type Microcredits } from '../credits.ts';
import { compileAnswerSide } from './answer-side.ts';
import { compileBound, type Bound } from './bound.ts';
import type { Operation, Pricing } from './card.ts';
import { compileRate } from './compile-rate.ts';
import { commonDenominator, NANOS } from './exact.ts';
import { parseField } from './field.ts';
import { compileFree } from './free.ts';
import { didYouMean } from './nearest.ts';
import { parsePattern } from './pattern.ts';
import { compileQuantities } from './quantity.ts';
import type { OperationSource } from './schema.ts';
import { readsField, type Scope } from './scope.ts';
import { parseBytes, parseSeconds } from './unit.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const DRAIN = { seconds: 10, bytes: 1_048_576 };

/** What an operation is compiled against. */
export interface Surroundings {
  service: string;
  step: Microcredits;
  meters: Readonly<Record<string, Meter>>;
  /** Quantities that other operations of the service report for its jobs. */
  reported: ReadonlySet<string>;
}

/** @returns `undefined` after a problem was reported that leaves nothing to check further. */
export function compileOperation(scope: Scope, source: OperationSource, around: Surroundings): Operation | undefined {
  const meter = meterOf(scope, source, around);
  const route = routeOf(scope, source);
  compileFields(scope, source);
  const { declared, known } = compileQuantities(scope, source, meter, around.reported);
  const answer = compileAnswerSide(scope, source, declared);
  const pricing = compilePricing(scope, source, around, known);
  const describing = describedBy(scope, source);
  if (route === undefined || pricing === undefined || answer === undefined) return undefined;
  const strict = new Set(scope.fields);
  const fields = [...new Set([...strict, ...describing])].flatMap((name) => {
    const field = parseField(name);
    return field === undefined ? [] : [{ field, strict: strict.has(name) }];
  });
  const complete: Pricing = {
    ...pricing,
    fields,
    sizes: [...scope.sizes].map((name) => parseField(name)).filter((one) => one !== undefined),
  };
  const needsJson = scope.sizes.size > 0 || [...strict].some((name) => name.startsWith('body.'));
  const needsBody = needsJson || pricing.readsBytes || meter !== undefined || describing.some((name) => name.startsWith('body.'));
  return {
    id: source.id,
    service: around.service,
    reason: source.reason ?? source.id,
    ...route,
    meter,
    needsBody,
    needsJson,
    streams: source.streams ?? meter !== undefined,
    quantities: declared,
    ...answer,
    onUnknown: source.on_unknown ?? 'bound',
    owns: source.owns,
    shares: source.shares === true,
    labels: source.labels ?? {},
    drain: drainOf(scope, source),
    pricing: complete,
    source,
  };
}

function meterOf(scope: Scope, { meter }: OperationSource, { meters }: Surroundings): Meter | undefined {
  if (meter === undefined) return undefined;
  if (Object.hasOwn(meters, meter)) return meters[meter];
  const known = Object.keys(meters);
  scope.report.problem(
    [...scope.place, 'meter'],
    `there is no meter "${meter}"; known are ${known.join(', ')}.${didYouMean(meter, known)}`,
  );
  return undefined;
}

function routeOf(scope: Scope, { match }: OperationSource): Pick<Operation, 'method' | 'pattern'> | undefined {
  const place = [...scope.place, 'match'];
  const [method = '', path, ...more] = match.split(' ');
  if (path === undefined || more.length > 0 || !METHODS.includes(method)) {
    const head = method === 'HEAD' ? ' HEAD follows its GET (rule 13).' : '';
    scope.report.problem(place, `"${match}" is not a route; METHOD /path with ${METHODS.join(', ')} would be right.${head}`);
    return undefined;
  }
  const pattern = parsePattern(path);
  if (!('problem' in pattern)) return { method, pattern };
  scope.report.problem(place, `${pattern.problem}.`);
  return undefined;
}

function compileFields(scope: Scope, source: OperationSource): void {
  for (const [name, { absent, or }] of Object.entries(source.fields ?? {})) {
    if (absent === undefined && or === undefined) {
      scope.report.problem([...scope.place, 'fields', name], `nothing is said about ${name}; absent: or or: would be right.`);
    }
    scope.rules.set(name, { absent: absent ?? null, or });
  }
  for (const name of Object.keys(source.fields ?? {})) readsField(scope, name, [...scope.place, 'fields', name]);
  if (source.owns !== undefined) readsField(scope, source.owns, [...scope.place, 'owns']);
}

/** Fields that labels are taken from: they describe, and decide no price. */
function describedBy(scope: Scope, { labels = {} }: OperationSource): string[] {
  return Object.entries(labels).map(([label, name]) => {
    const field = parseField(name);
    if (field === undefined) scope.report.problem([...scope.place, 'labels', label], `"${name}" is not a field of a request.`);
    return name;
  });
}

type Compiled = Omit<Pricing, 'fields' | 'sizes'>;

function compilePricing(
  scope: Scope,
  source: OperationSource,
  around: Surroundings,
  known: Pricing['known'],
): Compiled | undefined {
  const rates = source.price.flatMap((rate, index) => compileRate(scope, rate, index) ?? []);
  const free = (source.free ?? []).flatMap((part, index) => compileFree(scope, part, index, rates) ?? []);
  if (rates.length < source.price.length) return undefined;
  const names = new Set(rates.flatMap(({ reads }) => reads));
  const kinds = [...scope.quantities.values()].filter(({ name }) => names.has(name));
  const bounds = compileBounds(scope, source);
  for (const { name, origin } of kinds) {
    if (origin === 'request' || source.bounds?.[name] !== undefined) continue;
    const index = rates.findIndex(({ reads }) => reads.includes(name));
    scope.report.problem(
      [...scope.place, 'price', index],
      `unbounded quantity: nothing says how much ${name} can be; write bounds: { ${name}: { most: …, kept_by: … } }.`,
    );
  }
  for (const [index, rate] of rates.entries()) {
    if (rate.neverFalls || source.ceiling !== undefined) continue;
    scope.report.problem(
      [...scope.place, 'price', index, 'formula'],
      'this price might fall as a quantity rises, or be negative, so its bound is not the most it costs; write ceiling: in credits.',
    );
  }
  const nanos = { numerator: 1n, denominator: NANOS };
  const partsPerCredit = commonDenominator([nanos, ...rates.flatMap(({ fractions }) => fractions)]);
  if (kinds.some(({ name }) => name === 'request_bytes')) scope.bytes = true;
  return {
    readsBytes: scope.bytes,
    readsPlan: scope.byPlan,
    rules: scope.rules,
    known,
    kinds,
    bounds,
    rates: rates.map((rate) => Object.assign(rate, { price: rate.bind(partsPerCredit) })),
    free,
    partsPerCredit,
    // Credits have billionths and steps are whole microcredits, so this divides without a rest.
    partsPerStep: (partsPerCredit * BigInt(around.step)) / BigInt(MICROCREDITS_PER_CREDIT),
    step: around.step,
    ceiling: source.ceiling === undefined ? undefined : ceilingOf(source.ceiling),
    chargesOn: chargesOn(source.charge_on),
  };
}

function ceilingOf(credits: number): Microcredits {
  return microcredits(Math.min(Math.ceil(Math.round(credits * MICROCREDITS_PER_CREDIT * 1e3) / 1e3), MICROCREDITS_MAX));
}

function compileBounds(scope: Scope, source: OperationSource): Map<string, Bound> {
  const bounds = new Map<string, Bound>();
  for (const [name, written] of Object.entries(source.bounds ?? {})) {
    const place = [...scope.place, 'bounds', name];
    const kind = scope.quantities.get(name);
    if (kind === undefined) {
      const all = [...scope.quantities.keys()];
      scope.report.problem(
        place,
        `nothing tells the quantity "${name}" here; known are ${all.join(', ')}.${didYouMean(name, all)}`,
      );
      continue;
    }
    if (kind.origin === 'request') {
      scope.report.problem(place, `${name} is known from the request and needs no bound; take it out.`);
      continue;
    }
    const bound = compileBound(scope, kind, written, place);
    if (bound?.byReference !== undefined && source.meter === undefined) {
      scope.report.problem(
        [...place, 'by_reference'],
        'only a meter can tell that a request refers to other content; add meter: or take it out.',
      );
    }
    if (bound !== undefined) bounds.set(name, bound);
  }
  return bounds;
}

/** Rule 13: 2xx by default; 304 is free unless it is listed itself. */
function chargesOn(source: OperationSource['charge_on']): Pricing['chargesOn'] {
  const listed = source === undefined ? ['2xx'] : Array.isArray(source) ? source : [source];
  const codes = new Set(listed.filter((one) => typeof one === 'number'));
  const classes = new Set(listed.filter((one) => typeof one === 'string').map((one) => Number(one[0])));
  return (status) => codes.has(status) || (status !== 304 && classes.has(Math.floor(status / 100)));
}

function drainOf(scope: Scope, { drain }: OperationSource): Operation['drain'] {
  const seconds = drain?.seconds === undefined ? DRAIN.seconds : parseSeconds(drain.seconds);
  const bytes = drain?.bytes === undefined ? DRAIN.bytes : parseBytes(drain.bytes);
  if (seconds === undefined)
    scope.report.problem([...scope.place, 'drain', 'seconds'], 'this is not a time; 10 or 10s would be right.');
  if (bytes === undefined) scope.report.problem([...scope.place, 'drain', 'bytes'], 'this is not a size; 1 MB would be right.');
  return { seconds: seconds ?? DRAIN.seconds, bytes: bytes ?? DRAIN.bytes };
}
