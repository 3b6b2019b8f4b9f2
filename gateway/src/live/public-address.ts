// Which addresses are the public internet's. Everything else could be this machine, its network or its cloud's metadata, and whoever may
// name a webhook's address must not reach those through us.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

// Azure's wire server answers every virtual machine at this address, which looks public.
const NOT_PUBLIC_THOUGH_UNICAST: ReadonlySet<string> = new Set(['168.63.129.16']);
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** @param address as a resolver gives it: `127.0.0.1`, `::ffff:10.0.0.1`; what is no address is not public */
export function isPublicAddress(address: string): boolean {
  // Not the library's own look, which takes 1.2.3 as an address too.
  if (isIP(address) === 0) return false;
  // IPv4 within IPv6 is judged as IPv4.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || NOT_PUBLIC_THOUGH_UNICAST.has(parsed.toString())) return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}
