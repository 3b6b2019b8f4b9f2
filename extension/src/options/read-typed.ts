// What a person types into a field, as what it means.

/** Undefined where it is none, or not between the two. A comma is read as the decimal point that it is in many languages. */
export function readNumber(text: string, least: number, most: number): number | undefined {
  const plain = text.trim().replace(',', '.');
  if (!/^\d{1,10}(?:\.\d{1,6})?$/.test(plain)) return undefined;
  const read = Number(plain);
  return read >= least && read <= most ? read : undefined;
}

/** `20, 10, 0` → [20, 10, 0]: highest first, none twice; at most ten. Undefined where something in it is no per cent. */
export function readPercents(text: string): readonly number[] | undefined {
  const parts = text.split(/[\s;%]+|,\s*/).filter((part) => part !== '');
  if (parts.length === 0 || parts.length > 10) return undefined;
  if (!parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 100)) return undefined;
  return [...new Set(parts.map(Number))].sort((one, other) => other - one);
}
