// Codes for pairing: ten signs of 32, so 50 random bits, read aloud in two halves. Only an HMAC of one is kept, as of a key.
import { randomBytes } from 'node:crypto';
import { hashKey } from '../keys/key.ts';

// Without 0, 1, I and O. 32 of them, so that each is as likely as the others.
const SIGNS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const HALF = 5;

/** `K7QF9-M2XTR` */
export function newPairingCode(): string {
  const signs = [...randomBytes(2 * HALF)].map((byte) => SIGNS[byte % SIGNS.length]).join('');
  return `${signs.slice(0, HALF)}-${signs.slice(HALF)}`;
}

/** The same with and without its dash. A prefix of its own, so that no code is ever the hash of a key. */
export function hashPairingCode(secret: string, code: string): string {
  return hashKey(secret, `pairing ${code.replace('-', '')}`);
}
