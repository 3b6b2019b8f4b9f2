// Where webhooks may be sent: https to public addresses, unless the operator allows private ones. It is checked when the address is
// saved, and again by each connection on what the name resolves to by then (a name may change its mind).
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** All addresses of a name; rejects where it has none. Passed in, so that a test can say what a name means. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export const resolveName: Resolve = (name) =>
  new Promise((resolve, reject) => {
    systemLookup(name, { all: true, verbatim: true }, (error, found) => (error === null ? resolve(found) : reject(error)));
  });

export interface Targets {
  /** What is wrong with an address and what would be right; undefined where it may be saved. */
  check(text: string): Promise<string | undefined>;
  /** The same without asking what its name means, for each attempt. */
  checkUrl(text: string): string | undefined;
  /** The lookup of a connection: it gives only addresses that may be reached, and fails where there is one that may not. */
  lookup: LookupFunction;
}

/** A name that leads to a place where nothing may be sent. */
export class PrivateTarget extends Error {
  override name = 'PrivateTarget';
}

const ADDRESS_MOST = 2_000;
const RESOLVES_WITHIN_MS = 2_000;
// Names that never mean a host of the internet.
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|localdomain|arpa)\.?$|^[^.]+\.?$/i;

export function createTargets({
  allowPrivate,
  resolve = resolveName,
}: {
  allowPrivate: boolean;
  resolve?: Resolve | undefined;
}): Targets {
  function checkUrl(text: string): string | undefined {
    if (text.length > ADDRESS_MOST) return `an address of at most ${ADDRESS_MOST} characters`;
    const url = URL.parse(text);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
      return 'an address such as https://example.com/hook';
    if (url.username !== '' || url.password !== '')
      return 'an address without a name and password: the signature shows who sends';
    if (url.hash !== '') return 'an address without a fragment (#…), which is never sent';
    if (allowPrivate) return undefined;
    if (url.protocol === 'http:') return 'an address that starts with https://';
    const host = hostOf(url);
    const isOpen = isIP(host) === 0 ? !LOCAL_NAME.test(host) : isPublicAddress(host);
    return isOpen ? undefined : PUBLIC_WANTED;
  }

  async function check(text: string): Promise<string | undefined> {
    const wrong = checkUrl(text);
    if (wrong !== undefined || allowPrivate) return wrong;
    const host = hostOf(new URL(text));
    if (isIP(host) !== 0) return undefined;
    // A name that does not resolve yet may be saved: each attempt looks again.
    const found = await Promise.race([resolve(host).catch(() => []), afterMs(RESOLVES_WITHIN_MS)]);
    return found.every(({ address }) => isPublicAddress(address)) ? undefined : PUBLIC_WANTED;
  }

  /** @throws PrivateTarget, or the resolver's error */
  async function reachable(name: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...others] = await resolve(name);
    if (first === undefined) throw new Error(`${name} has no address`);
    // One private address among public ones is how a name is made to mean both.
    if (!allowPrivate && ![first, ...others].every(({ address }) => isPublicAddress(address)))
      throw new PrivateTarget('the name leads to a private address');
    return [first, ...others];
  }

  async function answer(name: string, { all }: LookupOptions, tell: Parameters<LookupFunction>[2]): Promise<void> {
    let found;
    try {
      found = await reachable(name);
    } catch (error) {
      tell(error as NodeJS.ErrnoException, '', 0);
      return;
    }
    if (all === true) tell(null, found);
    else tell(null, found[0].address, found[0].family);
  }

  const lookup: LookupFunction = (name, options, tell) => void answer(name, options, tell);

  return { check, checkUrl, lookup };
}

const PUBLIC_WANTED = 'a public address: private, loopback and link-local ones are not sent to here';

/** As a socket takes it: an IPv6 address without its brackets. The URL's parser has already read 127.1 or 0x7f.1 as what they mean. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function afterMs(ms: number): Promise<[]> {
  return new Promise((resolve) => {
    setTimeout(() => resolve([]), ms).unref();
  });
}
