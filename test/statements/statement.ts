// Reads a bank statement and checks it against the ledger. One line is one event, what came of it, and what the books say then:
//
//   10:00  grant   g1 500 until 12:00                     ok
//          hold    c1 75 lease 60s                        ok        available 425
//          settle  c1 60                                  ok        available 440  held 0
//          hold    c2 900                                 refused   insufficient_credits  scope acme  room 440
//
// Amounts are credits. Time stands still until a line names a later one. After `ok`, `repeated` or `refused <code>` come pairs of a
// name and what it must be; looks.ts lists them. A line that differs fails with the statement up to it.
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import { LedgerUnavailable } from '../../gateway/src/ledger/ledger.ts';
import type { Ledger } from '../../gateway/src/ledger/ledger.ts';
import { openMemoryStore } from '../kit/memory-store.ts';
import type { MemoryStore } from '../kit/memory-store.ts';
import { commandOf, timeOf } from './event.ts';
import { look } from './looks.ts';

export interface Teller {
  ledger: Ledger;
  store: MemoryStore;
  now: number;
}

/** Plays a statement. @throws {Error} at the first line that comes out otherwise, showing the lines until there. */
export async function statement(text: string): Promise<void> {
  const store = openMemoryStore();
  const teller: Teller = { store, now: timeOf('09:00'), ledger: openLedger(store, { now: () => teller.now }) };
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const [index, line] of lines.entries()) {
    const wrong = await differs(teller, line);
    if (wrong !== undefined)
      throw new Error(`${lines.slice(0, index + 1).join('\n')}\n${' '.repeat(line.search(/\S/))}^ ${wrong}`);
  }
  await teller.ledger.close();
}

async function differs(teller: Teller, line: string): Promise<string | undefined> {
  const words = line.trim().split(/\s+/);
  if (/^[-\dT]*\d\d:\d\d/.test(words[0] ?? '')) teller.now = timeOf(words.shift() ?? '');
  const end = words.findIndex((word) => word === 'ok' || word === 'repeated' || word === 'refused');
  const outcome = words[end];
  if (outcome === undefined) return 'a line says ok, repeated or refused';
  const [verb = '', ...rest] = words.slice(0, end);
  const came = await outcomeOf(teller, verb, rest);
  const expected = words.slice(end + 1);
  const refusal = 'refusal' in came ? String(came.refusal) : undefined;
  const got = refusal !== undefined ? 'refused' : 'repeated' in came && came.repeated === true ? 'repeated' : 'ok';
  if (got !== outcome) return `${outcome} expected, came out ${got} ${refusal ?? ''}`;
  if (outcome === 'refused') {
    const code = expected.shift();
    if (code !== refusal) return `refused ${code} expected, was ${refusal}`;
  }
  return firstWrong(teller, came, expected);
}

/** `look` only looks, `disk fails|unheard|works` decides what becomes of later writes; everything else is a command. */
async function outcomeOf(teller: Teller, verb: string, rest: readonly string[]): Promise<object> {
  if (verb === 'look') return { ok: true };
  if (verb === 'disk') {
    teller.store.fault = rest[0] === 'fails' ? 'lost' : rest[0] === 'unheard' ? 'unheard' : 'none';
    return { ok: true };
  }
  try {
    return await teller.ledger.run(commandOf(verb, rest, teller));
  } catch (error) {
    if (error instanceof LedgerUnavailable) return { refusal: 'ledger_unavailable' };
    throw error;
  }
}

async function firstWrong(teller: Teller, came: object, pairs: readonly string[]): Promise<string | undefined> {
  if (pairs.length % 2 === 1) return `names and values come in pairs: ${pairs.join(' ')}`;
  for (let index = 0; index < pairs.length; index += 2) {
    const [name = '', expected = ''] = pairs.slice(index, index + 2);
    const found = await look(teller, came, name);
    if (found !== expected) return `${name} ${expected} expected, was ${found}`;
  }
  return undefined;
}
