// From a line of `price:` to a compiled rate. Exactly one of rate, tier, is, tiers, graduated and formula says what it costs.
import { compileChoice, type Choice } from './choice.ts';
import { compare, rational, type Rational } from './exact.ts';
import { compileFormula } from './formula-rate.ts';
import { compileGraduated } from './graduated-rate.ts';
import { compileLinear } from './linear-rate.ts';
import { compileNamed } from './named-rate.ts';
import { noPlan } from './nearest.ts';
import type { Place } from './parse.ts';
import type { Rate } from './rate.ts';
import type { RateSource } from './schema.ts';
import { quantityKind, readsField, type QuantityKind, type Scope } from './scope.ts';
import { tierPrice } from './tier.ts';
import { parseAmount } from './unit.ts';

const FORMS = ['rate', 'tier', 'is', 'tiers', 'graduated', 'formula'] as const;

/** @returns `undefined` after a problem was reported. */
export function compileRate(scope: Scope, source: RateSource, index: number): Rate | undefined {
  const place = [...scope.place, 'price', index];
  const name = `${scope.operation}.price[${index}]`;
  const forms = FORMS.filter((form) => source[form] !== undefined);
  if (forms.length !== 1) {
    const found = forms.length === 0 ? 'nothing says what it costs' : `${forms.join(' and ')} both say what it costs`;
    scope.report.problem(place, `${found}; one of ${FORMS.join(', ')} would be right.`);
    return undefined;
  }
  if (source.formula !== undefined)
    return misplaced(scope, source, place) ? undefined : compileFormula(scope, source.formula, name, place);
  const kind = perQuantity(scope, source, place);
  const unit = source.unit === undefined ? 1 : parseAmount(source.unit);
  if (kind === null) return undefined;
  if (unit === undefined || unit <= 0) {
    scope.report.problem([...place, 'unit'], `"${source.unit}" is not a unit; 1000, 1 MB or 1h would be right.`);
    return undefined;
  }
  if (kind === undefined && (source.unit !== undefined || source.started !== undefined)) {
    scope.report.problem(place, 'unit and started need a quantity; add per.');
    return undefined;
  }
  const shared = { name, kind, unit: rational(unit), started: source.started === true };
  if (source.graduated !== undefined) return compileGraduated(scope, source.graduated, shared, place);
  if (source.by === 'tool.name') return compileNamed(scope, source, shared, pricesOf(scope, source, place), place);
  const choice = choiceOf(scope, source, place);
  return choice === undefined ? undefined : compileLinear(shared, choice);
}

/** The quantity; `undefined` for a price per call, `null` after a problem. */
function perQuantity(scope: Scope, source: RateSource, place: Place): QuantityKind | undefined | null {
  if (source.per === undefined) return undefined;
  const kind = quantityKind(scope, source.per);
  if (!('problem' in kind)) return kind;
  scope.report.problem([...place, 'per'], kind.problem);
  return null;
}

function misplaced(scope: Scope, source: RateSource, place: Place): boolean {
  const extra = (['per', 'unit', 'started', 'by', 'absent', 'unknown'] as const).filter((key) => source[key] !== undefined);
  if (extra.length > 0) scope.report.problem([...place, extra[0] ?? ''], `a formula stands alone; take out ${extra.join(', ')}.`);
  return extra.length > 0;
}

/** The prices of a table by name, in credits; tiers turned into their credits. */
function pricesOf(scope: Scope, source: RateSource, place: Place): Map<string, Rational> {
  const prices = new Map<string, Rational>();
  for (const [key, value] of Object.entries(source.is ?? {})) prices.set(key, rational(value));
  for (const [key, tier] of Object.entries(source.tiers ?? {})) {
    const price = tierPrice(scope, tier, [...place, 'tiers', key]);
    if (price !== undefined) prices.set(key, price);
  }
  return prices;
}

/** One price, or a table of them by a request field. */
function choiceOf(scope: Scope, source: RateSource, place: Place): Choice<Rational> | Rational | undefined {
  if (source.is === undefined && source.tiers === undefined) {
    const stray = (['by', 'absent', 'unknown'] as const).find((key) => source[key] !== undefined);
    if (stray !== undefined) {
      scope.report.problem([...place, stray], `${stray} belongs to a table; add is or tiers, or take it out.`);
      return undefined;
    }
    return source.tier === undefined ? rational(source.rate ?? 0) : tierPrice(scope, source.tier, [...place, 'tier']);
  }
  if (source.by === undefined) {
    scope.report.problem(
      place,
      'a table needs the field that it goes by; add by: body.… (or query, path, header, label, plan, tool.name).',
    );
    return undefined;
  }
  if (source.by === 'plan') readsPlan(scope, source, place);
  else readsField(scope, source.by, [...place, 'by']);
  const prices = pricesOf(scope, source, place);
  if (prices.size === 0) {
    scope.report.problem(place, 'the table is empty; at least one value would be right.');
    return undefined;
  }
  return compileChoice({ ...source, by: source.by }, prices, (a, b) => compare(a, b) > 0, scope.rules, scope.report, place);
}

/** Notes that the price goes by the payer's plan (FEATURES P3), and checks the names. */
function readsPlan(scope: Scope, source: RateSource, place: Place): void {
  scope.byPlan = true;
  for (const form of ['is', 'tiers'] as const) {
    for (const name of Object.keys(source[form] ?? {})) {
      if (!scope.plans.includes(name)) scope.report.problem([...place, form, name], noPlan(name, scope.plans));
    }
  }
}
