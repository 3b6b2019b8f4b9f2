/** The origin that a typed address means: `dune.com/queries` → `https://dune.com`. Undefined where it is no web address. */
export function siteOf(text: string): string | undefined {
  const typed = text.trim();
  if (typed === '' || /\s/.test(typed)) return undefined;
  const isOwnMachine = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/i.test(typed);
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `${isOwnMachine ? 'http' : 'https'}://${typed}`);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  // A word without a dot is a typing error rather than a host; `*` would be every site at once.
  const isHost = url.hostname === 'localhost' || /[.:]/.test(url.hostname);
  return isHost && !url.hostname.includes('*') && url.username === '' ? url.origin : undefined;
}
