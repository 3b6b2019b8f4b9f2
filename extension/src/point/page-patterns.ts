/** An address pattern as in the rate card, and how much it covers. */
export interface PagePattern {
  pattern: string;
  covers: 'page' | 'alike' | 'site';
}

/**
 * Patterns for tags on the page with this address: that page with whatever stands behind `?` and `#`, pages of the same kind (parts of
 * the path that look like ids become `*`), and the whole site. The narrowest first; the first that is not for one record alone is the
 * one to suggest. Empty where the address is no web page.
 */
export function pagePatterns(address: string): readonly PagePattern[] {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return [];
  const parts = url.pathname.split('/');
  const alike = parts.map((part) => (isRecord(part) ? '*' : part)).join('/');
  const patterns: PagePattern[] = [{ pattern: `${url.origin}${starless(url.pathname)}*`, covers: 'page' }];
  if (alike !== url.pathname)
    patterns.push({ pattern: `${url.origin}${alike.endsWith('*') ? alike : `${alike}*`}`, covers: 'alike' });
  patterns.push({ pattern: `${url.origin}/*`, covers: 'site' });
  return patterns.filter(({ pattern }, at) => patterns.findIndex((other) => other.pattern === pattern) === at);
}

/** Of the page that one looks at: pages alike where there are such, else this page. */
export function suggestedPattern(address: string): string {
  const patterns = pagePatterns(address);
  return (patterns.find(({ covers }) => covers === 'alike') ?? patterns[0])?.pattern ?? '';
}

/** A part of a path that names one record: a number, a UUID, a hash. */
function isRecord(part: string): boolean {
  return (
    /^\d+$/.test(part) ||
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(part) ||
    /^(?=.*\d)[0-9a-z_-]{16,}$/i.test(part) ||
    /^[a-z]{2,6}[_-](?=.*\d)[0-9a-z]{6,}$/i.test(part)
  );
}

/** A star in an address would stand for any text. It becomes what it is when it is written in an address. */
function starless(path: string): string {
  return path.replaceAll('*', '%2A');
}
