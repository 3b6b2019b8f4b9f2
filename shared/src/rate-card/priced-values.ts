// Which values of a field have a price: what a person can choose from, and what a price tag must come to.
import type { Operation } from './card.ts';

/**
 * The values that every table by this field has.
 * @returns undefined where any value has a price, or no table goes by the field
 */
export function pricedValues({ source }: Pick<Operation, 'source'>, field: string): readonly string[] | undefined {
  const bounds = Object.values(source.bounds ?? {}).flatMap(({ most, by_reference: reference }) => [most, reference]);
  const tables = [
    ...source.price.map(({ by, is, tiers, unknown }) => ({ by, rows: is ?? tiers, unknown })),
    ...bounds.flatMap((most) => (typeof most === 'object' ? [{ by: most.by, rows: most.is, unknown: most.unknown }] : [])),
  ];
  const strict = tables.flatMap(({ by, rows, unknown }) =>
    by === field && rows !== undefined && (unknown === undefined || unknown === 'refuse') ? [Object.keys(rows)] : [],
  );
  const [first, ...others] = strict;
  return first?.filter((value) => others.every((table) => table.includes(value)));
}

/** What an absent field counts as, where the card says so. */
export function absentValue({ source }: Pick<Operation, 'source'>, field: string): string | number | boolean | null {
  const named = source.price.find(({ by, absent }) => by === field && absent !== undefined)?.absent;
  return named ?? source.fields?.[field]?.absent ?? null;
}
