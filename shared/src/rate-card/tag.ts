// Price tags in the rate card: on which pages, beside which element, what is priced and where its inputs are read from. The same shapes
// are used for tags that a person made by pointing, and for what a page says of itself in /.well-known/credits.json.
import { z } from 'zod';

const operation = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'the id of an operation');
const selector = z.string().min(1).max(500).describe('A CSS selector');
const scalar = z.union([z.string().max(1_000), z.number(), z.boolean()]);

/** Where one input is read. Text alone is the selector of a form field whose value is taken. */
export const inputSource = z.union([
  selector,
  z.strictObject({
    from: selector.optional().describe('Left out: the tagged element itself, or the one that for_each found'),
    read: z
      .enum(['value', 'text', 'number', 'checked', 'length', 'rows', 'columns', 'count', 'attribute'])
      .default('value')
      .describe(
        "A field's value · an element's text · the first number in it · whether it is checked · how many characters · rows or columns of a table · how many elements there are · an attribute",
      ),
    attribute: z
      .string()
      .regex(/^[A-Za-z_][\w.:-]*$/, 'the name of an attribute')
      .optional(),
    is: z.record(z.string(), scalar).optional().describe('What is read, in the words of the API: { Fast: large }'),
    times: z.number().positive().optional().describe('A number is multiplied by this'),
    absent: scalar.optional().describe('Where nothing can be read'),
  }),
  z.strictObject({ value: scalar }),
]);

/**
 * By name: `body.performance`, `query.limit`, `path.id`, `header.x`, `quantity.rows` for how much of a quantity will be used, or a bare name, which
 * is the operation's field of that name.
 */
export const tagInputs = z
  .record(z.string().regex(/^[A-Za-z][\w.-]{0,99}$/, 'a field such as body.performance, or quantity.rows'), inputSource)
  .refine((inputs) => Object.keys(inputs).length <= 30, 'at most 30 inputs');

const summand = z.strictObject({
  operation,
  inputs: tagInputs.optional(),
  for_each: selector.optional().describe('Once for each element that it finds'),
});

/** A cron line, or every so many of a unit. */
export const tagSchedule = z.union([
  z.strictObject({ cron: inputSource, zone: inputSource.optional() }),
  z.strictObject({ every: inputSource, unit: z.enum(['minutes', 'hours', 'days']) }),
]);

export const pricedElement = z.strictObject({
  selector,
  operation: operation.optional(),
  inputs: tagInputs.optional(),
  sum: z.union([summand, z.array(summand).min(1).max(20)]).optional(),
  schedule: tagSchedule.optional().describe('How often it will run by itself'),
});

export const tag = z.strictObject({
  on: z.string().regex(/^https?:\/\//, 'an address pattern such as https://example.com/*'),
  via: z.enum(['none', 'gateway']),
  tag: pricedElement,
});

export type InputSource = z.output<typeof inputSource>;
export type TagInputs = z.output<typeof tagInputs>;
export type TagSchedule = z.output<typeof tagSchedule>;
export type TagSource = z.output<typeof tag>;
