// Tallies: for each table whose rows are in no chain and no other sum, how many rows it has and the sum of their digests. A row that
// comes, goes or changes by anything but a batch leaves its tally wrong, which verify finds.
import { sha256 } from '../../ledger/digest.ts';

export const TALLIED = [
  'calls',
  'late_settles',
  'allowances',
  'records',
  'audits',
  'events',
  'deliveries',
  'cards',
  'owned',
  'resumes',
] as const;
export type Tallied = (typeof TALLIED)[number];

export interface Tally {
  rows: number;
  /** Of the first 48 bits of each digest, modulo 2^48: it does not depend on the order of the rows. */
  sum: number;
}

/** Those of the tables, and two numbers that are kept beside them and have no sum: batches so far, and how far events have been given out. */
export type Tallies = Record<Tallied | 'commits' | 'fanned_out', Tally>;

export function noTallies(): Tallies {
  const names = ['commits', 'fanned_out', ...TALLIED] as const;
  return Object.fromEntries(names.map((name) => [name, { rows: 0, sum: 0 }])) as Tallies;
}

/** A row that came, that went, or that has another digest now. Changes the tally that it is given. */
export function tally(sums: Tally, cameDigest: string | undefined, wentDigest: string | undefined): void {
  if (cameDigest !== undefined) {
    sums.rows += 1;
    sums.sum = (sums.sum + first48Bits(cameDigest)) % TALLY_MODULUS;
  }
  if (wentDigest !== undefined) {
    sums.rows -= 1;
    sums.sum = (sums.sum + TALLY_MODULUS - first48Bits(wentDigest)) % TALLY_MODULUS;
  }
}

/** The digest of a row of table meta itself. */
export function tallyDigest(name: string, { rows, sum }: Tally): string {
  return sha256([name, rows, sum]);
}

export const TALLY_MODULUS = 2 ** 48;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = Array.from({ length: 128 }, (_, code) => Math.max(0, ALPHABET.indexOf(String.fromCharCode(code))));

/** Eight characters of base64url, decoded by hand because this runs for every call of every batch. */
function first48Bits(digest: string): number {
  let bits = 0;
  for (let index = 0; index < 8; index += 1) bits = bits * 64 + (VALUES[digest.charCodeAt(index)] ?? 0);
  return bits;
}
