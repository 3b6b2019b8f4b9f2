import type { Pairing } from '../messages.ts';

/** Among others: whose it is, and the gateway, which may be paired for several people. */
export function pairingName({ name, user, organization }: Pick<Pairing, 'name' | 'user' | 'organization'>): string {
  return `${name} · ${user === null ? organization : `${user}, ${organization}`}`;
}
