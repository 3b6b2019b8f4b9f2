// A pairing's id is `<gateway origin> <key id>`: it says where to ask without a look into what is kept.

export function pairingId(origin: string, keyId: string): string {
  return `${origin} ${keyId}`;
}

/** The origin of its gateway. */
export function gatewayOf(pairing: string): string {
  return pairing.split(' ', 1)[0] ?? '';
}
