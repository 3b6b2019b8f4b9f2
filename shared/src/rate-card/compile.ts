// From the card as written to the card that prices calls. Everything that is wrong is reported at its place; a card with a problem
// is never used.
import { MICROCREDITS_PER_CREDIT, microcredits, type Microcredits } from '../credits.ts';
import type { Meter } from '../meter/meter.ts';
import type { Operation, RateCard, Service } from './card.ts';
import { checkTags } from './check-tags.ts';
import { compileOperation, type Surroundings } from './compile-operation.ts';
import { compilePackages, compilePlans } from './compile-plan.ts';
import type { Place, Report } from './parse.ts';
import { relation } from './pattern.ts';
import type { RateCardSource, ServiceSource } from './schema.ts';
import type { Scope } from './scope.ts';

export interface CompileOptions {
  version: string;
  meters: Readonly<Record<string, Meter>>;
}

export function compileRateCard(source: RateCardSource, report: Report, options: CompileOptions): RateCard {
  const step = stepOf(source, report);
  const tiers = new Map(Object.entries(source.tiers ?? {}));
  checkServices(source, report);
  checkIds(source, report);
  const plans = compilePlans(source, report);
  const services = Object.entries(source.services).map(([id, service]): Service => {
    const around = { service: id, step, meters: options.meters, reported: reportedIn(service) };
    const place = ['services', id];
    return {
      id,
      path: service.path,
      upstream: service.upstream,
      credential: service.credential,
      sseComment: service.sse_comment ?? true,
      keepsThings: service.operations.some(
        ({ owns, makes, job }) => owns !== undefined || makes !== undefined || job !== undefined,
      ),
      line: report.lineOf(place),
      operations: compileOperations(service, around, { tiers, plans: [...plans.keys()] }, report, place),
    };
  });
  checkTags(
    source,
    services.flatMap(({ operations }) => operations),
    report,
  );
  return {
    name: source.card,
    version: options.version,
    unpriced: source.unpriced ?? 'refuse',
    step,
    services,
    plans,
    packages: compilePackages(source, report),
    tags: source.tags ?? [],
    source,
  };
}

function compileOperations(
  service: ServiceSource,
  around: Surroundings,
  named: Pick<Scope, 'tiers' | 'plans'>,
  report: Report,
  place: Place,
): Operation[] {
  const operations: { operation: Operation; place: Place }[] = [];
  for (const [index, source] of service.operations.entries()) {
    const scope: Scope = {
      operation: source.id,
      report,
      place: [...place, 'operations', index],
      rules: new Map(),
      ...named,
      quantities: new Map(),
      fields: new Set(),
      sizes: new Set(),
      bytes: false,
      byPlan: false,
    };
    const operation = compileOperation(scope, source, around);
    if (operation !== undefined) operations.push({ operation, place: scope.place });
  }
  checkOverlaps(operations, report);
  return sorted(operations.map(({ operation }) => operation));
}

/** More exact patterns first. They lie inside each other or apart, so inserting each before those around it sorts them. */
function sorted(operations: readonly Operation[]): Operation[] {
  const result: Operation[] = [];
  for (const operation of operations) {
    const around = result.findIndex((other) => relation(operation.pattern, other.pattern) === 'inside');
    result.splice(around === -1 ? result.length : around, 0, operation);
  }
  return result;
}

function checkOverlaps(operations: readonly { operation: Operation; place: Place }[], report: Report): void {
  for (const [index, { operation: later, place }] of operations.entries()) {
    for (const { operation: earlier } of operations.slice(0, index)) {
      if (later.method !== earlier.method) continue;
      const lie = relation(later.pattern, earlier.pattern);
      const [here, there] = [later.pattern.text, `${earlier.pattern.text} of ${earlier.id}`];
      if (lie === 'same') {
        report.problem([...place, 'match'], `${here} is shadowed: it fits the same calls as ${there}; take one out.`);
      } else if (lie === 'crossing') {
        report.problem([...place, 'match'], `${here} overlaps ${there}, and neither is more exact; make one of them narrower.`);
      }
    }
  }
}

function checkServices(source: RateCardSource, report: Report): void {
  const services = Object.entries(source.services);
  if (services.length === 0) report.problem(['services'], 'there is no service; at least one would be right.');
  for (const [index, [id, { path }]] of services.entries()) {
    if (path === '/tollgate' || path.startsWith('/tollgate/') || /\/\.{1,2}(\/|$)/.test(path)) {
      report.problem(
        ['services', id, 'path'],
        `${path} can not be a service's; a path of its own, such as /${id}, would be right.`,
      );
    }
    for (const [other, { path: earlier }] of services.slice(0, index)) {
      if (`${path}/`.startsWith(`${earlier}/`) || `${earlier}/`.startsWith(`${path}/`)) {
        report.problem(
          ['services', id, 'path'],
          `${path} and ${earlier} of ${other} lie within each other; paths apart would be right.`,
        );
      }
    }
  }
}

function checkIds(source: RateCardSource, report: Report): void {
  const seen = new Set<string>();
  for (const [service, { operations }] of Object.entries(source.services)) {
    for (const [index, { id }] of operations.entries()) {
      if (seen.has(id))
        report.problem(
          ['services', service, 'operations', index, 'id'],
          `"${id}" is the id of another operation; another would be right.`,
        );
      seen.add(id);
    }
  }
}

function reportedIn(service: ServiceSource): Set<string> {
  return new Set(
    service.operations.flatMap(({ reports }) => Object.keys(reports ?? {})).filter((name) => name !== 'job' && name !== 'done'),
  );
}

/** The step is a whole number of microcredits, because amounts are. */
function stepOf({ step = 0.000001 }: RateCardSource, report: Report): Microcredits {
  const amount = Math.round(step * MICROCREDITS_PER_CREDIT);
  if (amount >= 1 && Math.abs(amount - step * MICROCREDITS_PER_CREDIT) < 1e-6 && amount <= 1e12) return microcredits(amount);
  report.problem(['step'], `${step} is not a step; a multiple of 0.000001 credits would be right.`);
  return microcredits(1);
}
