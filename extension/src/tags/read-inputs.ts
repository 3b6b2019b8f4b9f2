// What a price depends on, read from the page: the declared fields only, as a person sees them now.
import type { InputSource, TagInputs, TagSchedule } from '@tollgate/shared/rate-card/tag';
import type { TagAsked } from '../tag-messages.ts';
import { attributeOf, findAll, findFirst, fits, parentOf, rootOf, shadowOf, textOf } from './plain-dom.ts';
import { readNumber } from './read-number.ts';

export type Scalar = string | number | boolean;
type Source = Exclude<InputSource, string | { value: Scalar }>;

const TEXT_LENGTH_MAX = 1_000;
const INPUTS_MAX = 30;
// Nothing that is nobody's business: what is read of these is never a price's input.
export const SECRET =
  'input[type=password], input[type=file], [autocomplete^=cc-], [autocomplete*=password], [autocomplete=one-time-code]';

/** What was read, by name; a name where nothing can be read is left out, which is the API's absent. */
export function readInputs(inputs: TagInputs, base: Element): Record<string, Scalar> {
  const read: Record<string, Scalar> = {};
  for (const [name, source] of Object.entries(inputs).slice(0, INPUTS_MAX)) {
    const value = readInput(source, base, name.startsWith('quantity.'));
    if (value !== null) read[name] = value;
  }
  return read;
}

/** Null where nothing can be read. `asNumber`: a quantity is a number or nothing. */
export function readInput(source: InputSource, base: Element, asNumber = false): Scalar | null {
  if (typeof source === 'string') return numbered(readFrom({ from: source, read: 'value' }, base), asNumber, base);
  if ('value' in source) return source.value;
  const found = numbered(translated(readFrom(source, base), source), asNumber, base);
  return found ?? source.absent ?? null;
}

export function readSchedule(schedule: TagSchedule | null, base: Element): TagAsked['schedule'] {
  if (schedule === null) return null;
  if ('cron' in schedule) {
    const cron = readInput(schedule.cron, base);
    const zone = schedule.zone === undefined ? null : readInput(schedule.zone, base);
    return cron === null ? null : { cron: String(cron), zone: zone === null ? null : String(zone) };
  }
  const every = readInput(schedule.every, base, true);
  return typeof every === 'number' && Number.isSafeInteger(every) && every > 0
    ? { every: `${every}${schedule.unit.charAt(0)}` }
    : null;
}

/** The field that a schedule is read from: its sign stands there. */
export function fieldOf(schedule: TagSchedule, base: Element): Element {
  const source = 'cron' in schedule ? schedule.cron : schedule.every;
  const selector = typeof source === 'string' ? source : 'value' in source ? undefined : source.from;
  return (selector === undefined ? null : nearest(selector, base)) ?? base;
}

/** The nearest one: in the element, then in each that is around it, out to the page. So one rule serves every row of a list. */
export function nearest(selector: string, base: Element): Element | null {
  try {
    for (let around: Element | null = base; around !== null; around = parentOf(around)) {
      const found =
        findFirst(around, selector) ?? (shadowOf(around) === null ? null : findFirst(shadowOf(around) ?? around, selector));
      if (found !== null) return found;
      if (around !== base && fits(around, selector)) return around;
    }
    return findFirst(document, selector);
  } catch {
    return null;
  }
}

// oxlint-disable-next-line typescript/consistent-return -- each kind returns
function readFrom(source: Source, base: Element): Scalar | null {
  if (source.read === 'count') return source.from === undefined ? null : countOf(source.from, base);
  const element = source.from === undefined ? base : nearest(source.from, base);
  if (element === null || fits(element, SECRET)) return null;
  switch (source.read) {
    case 'value':
      return valueOf(element);
    case 'text':
      return clean(shownTextOf(element));
    case 'number':
      return readNumber(shownTextOf(element), languageOf(element));
    case 'checked':
      return element instanceof HTMLInputElement ? element.checked : attributeOf(element, 'aria-checked') === 'true';
    case 'length':
      return isField(element) ? element.value.length : textOf(element).length;
    case 'rows':
      return rowsOf(element).length;
    case 'columns':
      return Math.max(
        0,
        ...first(rowsOf(element), 5).map(
          (row) => findAll(row, 'td, th, [role=cell], [role=gridcell], [role=columnheader]').length,
        ),
      );
    case 'attribute':
      return source.attribute === undefined ? null : (attributeOf(element, source.attribute)?.slice(0, TEXT_LENGTH_MAX) ?? null);
  }
}

function isField(element: Element): element is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}

/** A field's value in its own type. */
function valueOf(element: Element): Scalar | null {
  if (element instanceof HTMLInputElement) {
    if (element.type === 'checkbox') return element.checked;
    if (element.type === 'radio') return chosenOf(element);
    if (element.type === 'number' || element.type === 'range')
      return Number.isNaN(element.valueAsNumber) ? null : element.valueAsNumber;
  }
  if (isField(element)) return element.value === '' ? null : element.value.slice(0, TEXT_LENGTH_MAX);
  return clean(attributeOf(element, 'data-value') ?? attributeOf(element, 'aria-valuenow') ?? textOf(element));
}

/** The one that is chosen of a group of radio buttons. */
function chosenOf(radio: HTMLInputElement): string | null {
  const group = radio.name === '' ? [radio] : [...findAll(rootOf(radio), `input[type=radio][name="${CSS.escape(radio.name)}"]`)];
  const chosen = group.find((one) => one instanceof HTMLInputElement && one.checked && one.form === radio.form);
  return chosen instanceof HTMLInputElement ? chosen.value.slice(0, TEXT_LENGTH_MAX) : null;
}

function shownTextOf(element: Element): string {
  if (element instanceof HTMLSelectElement) return element.selectedOptions[0]?.text ?? '';
  return isField(element) ? element.value : textOf(element);
}

/** Of a table's body, or of what says that it is a table. */
function rowsOf(element: Element): NodeListOf<Element> {
  return findAll(element, 'tr:not(thead *, tfoot *), [role=row]:not(:has([role=columnheader]))');
}

function countOf(selector: string, base: Element): number | null {
  try {
    const root = rootOf(base);
    const here = findAll(root, selector).length;
    return here > 0 || root === document ? here : findAll(document, selector).length;
  } catch {
    return null;
  }
}

function translated(read: Scalar | null, { is, times }: Source): Scalar | null {
  const meant = read !== null && is !== undefined && Object.hasOwn(is, String(read)) ? (is[String(read)] ?? null) : read;
  if (times === undefined || meant === null) return meant;
  const size = Number(meant);
  return Number.isFinite(size) ? Number((size * times).toPrecision(15)) : null;
}

function numbered(read: Scalar | null, asNumber: boolean, base: Element): Scalar | null {
  if (!asNumber || read === null || typeof read === 'number') return read;
  const size = readNumber(String(read), languageOf(base));
  return size === null || size < 0 ? null : size;
}

function languageOf(element: Element): string {
  for (let around: Element | null = element; around !== null; around = parentOf(around)) {
    const language = attributeOf(around, 'lang') ?? attributeOf(around, 'xml:lang');
    if (language !== null) return language;
  }
  return '';
}

function clean(text: string): string | null {
  const plain = text.trim().replaceAll(/\s+/g, ' ').slice(0, TEXT_LENGTH_MAX);
  return plain === '' ? null : plain;
}

function first(elements: NodeListOf<Element>, most: number): Element[] {
  return [...elements].slice(0, most);
}

/** All that a sum goes over: beside the element, or else in the page. */
export function summed(selector: string, base: Element): Element[] {
  try {
    const here = findAll(rootOf(base), selector);
    return [...(here.length > 0 ? here : findAll(document, selector))];
  } catch {
    return [];
  }
}
