// What is wrong with the price tags of a card: found when the card loads, and not by a person in front of a page without a price.
import { fieldsOf, measuredLater, namedField } from '../operation-call.ts';
import type { Operation } from './card.ts';
import { didYouMean } from './nearest.ts';
import type { Place, Report } from './parse.ts';
import { pricedValues } from './priced-values.ts';
import type { RateCardSource } from './schema.ts';
import type { InputSource, TagInputs, TagSchedule } from './tag.ts';

type Scalar = string | number | boolean;

/** @param operations all that have compiled: tags of one that has not are told by what is wrong with it */
export function checkTags(source: RateCardSource, operations: readonly Operation[], report: Report): void {
  const ids = Object.values(source.services).flatMap((service) => service.operations.map(({ id }) => id));
  for (const [index, { tag }] of (source.tags ?? []).entries()) {
    const place = ['tags', index, 'tag'];
    if ((tag.operation === undefined) === (tag.sum === undefined))
      report.problem(place, 'a price tag shows one thing; operation or sum would be right.');
    if (tag.sum !== undefined && tag.inputs !== undefined)
      report.problem([...place, 'inputs'], 'of a sum, each part has inputs of its own; write them below sum.');
    const isMany = Array.isArray(tag.sum);
    const parts = [tag.sum ?? []]
      .flat()
      .map((part, at) => ({ ...part, place: isMany ? [...place, 'sum', at] : [...place, 'sum'] }));
    for (const part of [...(tag.operation === undefined ? [] : [{ ...tag, operation: tag.operation, place }]), ...parts]) {
      if (!ids.includes(part.operation)) {
        const message = `there is no operation "${part.operation}".${didYouMean(part.operation, ids)}`;
        report.problem([...part.place, 'operation'], message);
      }
      const operation = operations.find(({ id }) => id === part.operation);
      if (operation !== undefined) checkInputs(operation, part.inputs ?? {}, report, [...part.place, 'inputs']);
    }
    if (tag.schedule !== undefined) checkSchedule(tag.schedule, report, [...place, 'schedule']);
  }
}

function checkInputs(operation: Operation, inputs: TagInputs, report: Report, place: Place): void {
  const seen = new Set<string>();
  for (const [name, source] of Object.entries(inputs)) {
    const here = [...place, name];
    checkSource(source, report, here);
    if (name.startsWith('quantity.')) {
      const known = measuredLater(operation);
      if (known.includes(name.slice('quantity.'.length))) continue;
      const right = known.length === 0 ? 'nothing of it is measured afterwards' : `known are ${known.join(', ')}`;
      report.problem(here, `${operation.id} has no such quantity to be told beforehand; ${right}.`);
      continue;
    }
    const field = namedField(operation, name);
    if ('code' in field) {
      report.problem(here, field.message);
      continue;
    }
    if (seen.has(field.name)) report.problem(here, `${field.name} is given twice; once would be right.`);
    seen.add(field.name);
    const isCounted = field.from === 'body' && operation.pricing.readsBytes;
    if (!fieldsOf(operation).includes(field.name) && !isCounted) {
      const known = fieldsOf(operation);
      const right = known.length === 0 ? 'it reads none' : `it reads ${known.join(', ')}`;
      report.problem(here, `the price of ${operation.id} does not read ${field.name}; ${right}.${didYouMean(name, known)}`);
    }
    checkValues(operation, field.name, source, report, here);
  }
}

/** Values that stand in the card itself must be ones that have a price. */
function checkValues(operation: Operation, field: string, source: InputSource, report: Report, place: Place): void {
  const known = pricedValues(operation, field);
  if (known === undefined || typeof source === 'string') return;
  for (const value of fixedValues(source)) {
    if (!known.includes(String(value)))
      report.problem(
        place,
        `${field} has no price for "${String(value)}"; it has for ${known.join(', ')}.${didYouMean(String(value), known)}`,
      );
  }
}

function fixedValues(source: Exclude<InputSource, string>): Scalar[] {
  if ('value' in source) return [source.value];
  return [...Object.values(source.is ?? {}), ...(source.absent === undefined ? [] : [source.absent])];
}

function checkSource(source: InputSource, report: Report, place: Place): void {
  if (typeof source === 'string' || 'value' in source) return;
  const { read, attribute, from, times } = source;
  if (read === 'attribute' && attribute === undefined)
    report.problem(place, 'which attribute is read? Write attribute: data-size, for example.');
  if (read !== 'attribute' && attribute !== undefined)
    report.problem([...place, 'attribute'], `${read} is read, and no attribute; write read: attribute, or take it out.`);
  if (read === 'count' && from === undefined) report.problem(place, 'what is counted? Write from: with a selector.');
  if (read === 'checked' && times !== undefined)
    report.problem([...place, 'times'], 'whether something is checked is no number; take times out.');
}

function checkSchedule(schedule: TagSchedule, report: Report, place: Place): void {
  for (const [name, source] of Object.entries(schedule)) {
    if (name === 'unit' || source === undefined || typeof source === 'string') continue;
    const here = [...place, name];
    checkSource(source, report, here);
    if (!('value' in source)) continue;
    const { value } = source;
    const isRight =
      name === 'every'
        ? Number.isInteger(value) && Number(value) > 0
        : typeof value === 'string' && SHAPES[name]?.test(value) === true;
    if (!isRight) report.problem(here, `"${String(value)}" is not right here; ${WANTED[name] ?? ''} would be.`);
  }
}

// Whether it is a schedule is for whoever counts its runs; here, that nothing else was written in its place.
const SHAPES: Readonly<Record<string, RegExp>> = {
  cron: /^(@[a-z]+|\S+( +\S+){4})$/i,
  zone: /^[A-Za-z]+([/_+-][A-Za-z0-9_+-]+)*$/,
};
const WANTED: Readonly<Record<string, string>> = {
  cron: 'minute, hour, day, month, weekday, such as 0 9 * * MON-FRI,',
  zone: 'a time zone such as Europe/Berlin',
  every: 'a whole number above 0',
};
