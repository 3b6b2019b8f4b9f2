// Numbers as people write them: `1,234.5` here is `1.234,5` there. What cannot be read for sure is not read: a wrong number is a wrong price.

const SPACES = '\u00A0\u202F\u2009';
const TEXT_LENGTH_MAX = 1_000;

/**
 * The first number in a text, by the separators of its language (`de-CH`; empty where the page names none). Null where there is none, or where it
 * is short for a larger one (`1.2K`).
 */
export function readNumber(text: string, language: string): number | null {
  const plain = withPlainDigits(text.slice(0, TEXT_LENGTH_MAX));
  const { group, decimal } = separatorsOf(language);
  const between = `.,'’٫٬_${SPACES}${group.trim() === '' ? ' ' : ''}`;
  const found = new RegExp(`\\d(?:[${between}]?\\d)*`).exec(plain);
  if (found === null || /^(?:[kKMBT]|bn)(?!\p{L})/u.test(plain.slice(found.index + found[0].length))) return null;
  const size = readDigits(found[0], group, decimal);
  if (size === null) return null;
  return /(?:^|[\s(:])[-−]$/.test(plain.slice(0, found.index)) ? -size : size;
}

/** Digits of every script as 0 to 9: those of one script stand side by side. */
function withPlainDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String(code - zero);
  });
}

function readDigits(token: string, group: string, decimal: string): number | null {
  const points = token.match(/[.,٫]/g) ?? [];
  const point = pointOf(token, points, group, decimal);
  const at = point === null ? token.length : token.lastIndexOf(point);
  const whole = token.slice(0, at).split(/\D/);
  // Groups are of three, in India of two; anything else is no one number: a version, a date, a list.
  if (whole.length > 1 && !(/^\d{1,3}$/.test(whole[0] ?? '') && whole.at(-1)?.length === 3)) return null;
  if (whole.slice(1).some((piece) => piece.length !== 3 && piece.length !== 2)) return null;
  const part = token.slice(at + 1);
  if (/\D/.test(part)) return null;
  const size = Number(`${whole.join('')}.${part === '' ? '0' : part}`);
  return Number.isFinite(size) ? size : null;
}

/** Which sign begins the decimals: the last of two kinds; one that stands alone by what follows it, and before three digits by the language. */
function pointOf(token: string, points: readonly string[], group: string, decimal: string): string | null {
  const [only, last] = [points[0], points.at(-1)];
  if (only === undefined || last === undefined) return null;
  if (points.some((one) => one !== last)) return last;
  if (points.length > 1) return null;
  const [before = '', after = ''] = token.split(only);
  if (after.length !== 3 || /^0$|^\d{4,}$/.test(before.replaceAll(/\D/g, ''))) return only;
  if (only === decimal) return only;
  return only === group || only === ',' ? null : only;
}

const known = new Map<string, { group: string; decimal: string }>();

function separatorsOf(language: string): { group: string; decimal: string } {
  const kept = known.get(language);
  if (kept !== undefined) return kept;
  const parts = formatOf(language).formatToParts(1_234_567.8);
  const valueOf = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const made = { group: valueOf('group'), decimal: valueOf('decimal') };
  if (known.size < 100) known.set(language, made);
  return made;
}

/** A page can name a language that is none. */
function formatOf(language: string): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(language === '' ? undefined : language);
  } catch {
    return new Intl.NumberFormat();
  }
}
