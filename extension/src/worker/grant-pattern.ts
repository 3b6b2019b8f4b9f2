// What the browser grants is a host without its port: `http://127.0.0.1:9000` is asked for as `http://127.0.0.1/*`.

/** The match pattern of an origin. */
export function grantPattern(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** The origin of an address on http or https; undefined for anything else. */
export function originOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { protocol, origin, hostname } = new URL(address);
  // A star is no host: as a pattern it would be every host there is.
  return (protocol === 'http:' || protocol === 'https:') && !hostname.includes('*') ? origin : undefined;
}
