// How much less would fit: for each request field that decides a bound, the largest value whose quote is within what is available.
import type { Microcredits } from './credits.ts';
import type { RequestFacts, Scalar } from './facts.ts';
import { quoteInputs, refersElsewhere } from './quote.ts';
import type { Operation } from './rate-card/card.ts';
import { resolved } from './rate-card/field.ts';
import { readInputs } from './rate-card/read-inputs.ts';

/**
 * @returns by the name that the client uses, without `body.` or `query.`: `{ max_completion_tokens: 1046 }`. A field of which not
 * even one fits is left out, and so is one that is no number.
 */
export function fitsWithin(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  request: RequestFacts,
  available: Microcredits,
): Record<string, number> {
  const read = readInputs(operation, params, request);
  if (!('inputs' in read)) return {};
  const { inputs } = read;
  const refers = refersElsewhere(operation, request);
  const fits: Record<string, number> = {};
  for (const { driver } of operation.pricing.bounds.values()) {
    if (driver === undefined) continue;
    const name = clientsName(driver, inputs, operation);
    const now = Number(resolved(driver, inputs, operation.pricing.rules));
    if (!Number.isSafeInteger(now)) continue;
    const reaches = (value: number): boolean => {
      const outcome = quoteInputs(operation, { ...inputs, ...bytesWith(name, value, inputs), [name]: value }, refers);
      return outcome.ok && outcome.quote.ceiling <= available;
    };
    const largest = largestThat(reaches, now);
    if (largest >= 1) fits[name.replace(/^(body|query)\./, '')] = largest;
  }
  return fits;
}

/** The field, or the one that stands in for it where the client gave that. */
function clientsName(driver: string, inputs: Readonly<Record<string, Scalar | null>>, { pricing }: Operation): string {
  const or = pricing.rules.get(driver)?.or;
  return or !== undefined && (inputs[driver] ?? null) === null && (inputs[or] ?? null) !== null ? or : driver;
}

/** The length of the body once the value stands in it: a field that was left out brings its name along, and perhaps blanks. */
function bytesWith(name: string, value: number, inputs: Readonly<Record<string, Scalar | null>>): Record<string, number> {
  const bytes = inputs['body.bytes'];
  if (typeof bytes !== 'number' || !name.startsWith('body.')) return {};
  const given = inputs[name] ?? null;
  const steps = name.slice('body.'.length).split('.');
  const around = steps.reduce((sum, step) => sum + `, "${step}": `.length, 0);
  return { 'body.bytes': bytes + String(value).length + (given === null ? around : -String(given).length) };
}

/** Binary search up to `most`: the quote never falls as a bound rises (rule 15). */
function largestThat(reaches: (value: number) => boolean, most: number): number {
  if (reaches(most)) return most;
  let [low, high] = [0, most];
  if (!reaches(low)) return 0;
  while (high - low > 1) {
    const middle = Math.floor(low + (high - low) / 2);
    if (reaches(middle)) low = middle;
    else high = middle;
  }
  return low;
}
