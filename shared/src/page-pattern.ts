// Address patterns of price tags: `https://example.com/queries/*`. `*` stands for any text; before the path it stays within the host and port,
// so that `https://*.example.com/*` never means somebody else's page. Plain text search, no regular expressions: a pattern may come from
// anyone, and takes time that grows with its length and the address alone.

const ADDRESS_LENGTH_MAX = 10_000;

/**
 * Whether a page's address fits. What stands behind `#` counts only where the pattern has one; a port may be left out where the pattern has `:*`.
 * @param address as the browser tells it: `http://127.0.0.1:9000/demo/pages/query?engine=large`
 */
export function matchesPage(pattern: string, address: string): boolean {
  if (address.length > ADDRESS_LENGTH_MAX) return false;
  const wanted = split(pattern);
  const found = split(pattern.includes('#') ? address : (address.split('#', 1)[0] ?? ''));
  if (wanted === undefined || found === undefined || wanted.scheme !== found.scheme) return false;
  const hosts = wanted.host.endsWith(':*') && !found.host.includes(':') ? wanted.host.slice(0, -2) : wanted.host;
  return fits(hosts.toLowerCase(), found.host.toLowerCase()) && fits(wanted.rest, found.rest);
}

/** The origin that a pattern names, or null where a `*` stands in it: `https://dune.com`. */
export function originOf(pattern: string): string | null {
  const parts = split(pattern);
  return parts === undefined || parts.host.includes('*') || parts.host === ''
    ? null
    : `${parts.scheme}${parts.host.toLowerCase()}`;
}

function split(text: string): { scheme: string; host: string; rest: string } | undefined {
  const scheme = ['https://', 'http://'].find((one) => text.startsWith(one));
  if (scheme === undefined) return undefined;
  const slash = text.indexOf('/', scheme.length);
  const end = slash === -1 ? text.length : slash;
  return { scheme, host: text.slice(scheme.length, end), rest: slash === -1 ? '/' : text.slice(slash) };
}

/** The pieces between the stars, each at the first place after the one before it; the last one at the end. */
function fits(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (pieces.length === 1) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from);
    if (at === -1 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
