// Reads a bank statement and checks it against the ledger. One line is one event, what came of it, and what the books say then:
//
//   10:00  grant   g1 500 until 12:00                     ok
//          hold    c1 75 lease 60s                        ok        available 425
//          settle  c1 60                                  ok        available 440  held 0
//          hold    c2 900                                 refused   insufficient_credits  scope acme  room 440
//          + hold  c3 10                                  ok        available 430
//
// Amounts are credits. Time stands still until a line names a later one. A line with a plus comes at once with the line before it,
// in one batch. After `ok`, `repeated` or `refused <code>` come pairs of a name and what it must be; looks.ts lists them. A line
// that differs fails with the statement up to it.
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

interface Line {
  text: string;
  time: string | undefined;
  /** At once with the line before. */
  together: boolean;
  verb: string;
  words: string[];
  outcome: string;
  expected: string[];
}

/** Plays a statement. @throws {Error} at the first line that comes out otherwise, showing the lines until there. */
export async function statement(text: string): Promise<MemoryStore> {
  const store = openMemoryStore();
  const teller: Teller = { store, now: timeOf('09:00'), ledger: openLedger(store, { now: () => teller.now }) };
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(lineOf);
  let from = 0;
  while (from < lines.length) {
    const more = lines.slice(from + 1).findIndex((line) => !line.together);
    const until = more === -1 ? lines.length : from + 1 + more;
    const batch = lines.slice(from, until);
    teller.now = timeOf(batch[0]?.time, teller.now);
    const came = await Promise.all(batch.map((line) => outcomeOf(teller, line)));
    for (const [index, line] of batch.entries()) {
      const wrong = await differs(teller, line, came[index] ?? {});
      const told = lines.slice(0, from + index + 1).map((one) => one.text);
      if (wrong !== undefined) throw new Error(`${told.join('\n')}\n${' '.repeat(line.text.search(/\S/))}^ ${wrong}`);
    }
    from = until;
  }
  await teller.ledger.close();
  return store;
}

function lineOf(text: string): Line {
  const words = text.trim().split(/\s+/);
  const time = /^[-\dT]*\d\d:\d\d/.test(words[0] ?? '') ? words.shift() : undefined;
  const together = words[0] === '+';
  if (together) words.shift();
  const end = words.findIndex((word) => word === 'ok' || word === 'repeated' || word === 'refused');
  const outcome = words[end];
  if (outcome === undefined) throw new Error(`${text}\n^ a line says ok, repeated or refused`);
  const [verb = '', ...rest] = words.slice(0, end);
  return { text, time, together, verb, words: rest, outcome, expected: words.slice(end + 1) };
}

/** `look` only looks, `disk fails|unheard|works` decides what becomes of later writes; everything else is a command. */
async function outcomeOf(teller: Teller, { verb, words }: Line): Promise<object> {
  if (verb === 'look') return { ok: true };
  if (verb === 'disk') {
    teller.store.fault = words[0] === 'fails' ? 'lost' : words[0] === 'unheard' ? 'unheard' : 'none';
    return { ok: true };
  }
  try {
    return await teller.ledger.run(commandOf(verb, words, teller));
  } catch (error) {
    if (error instanceof LedgerUnavailable) return { refusal: 'ledger_unavailable' };
    if (error instanceof Error && error.name === 'AssertionError') return { refusal: 'bug' };
    throw error;
  }
}

async function differs(teller: Teller, { outcome, expected }: Line, came: object): Promise<string | undefined> {
  const refusal = 'refusal' in came ? String(came.refusal) : undefined;
  const got = refusal !== undefined ? 'refused' : 'repeated' in came && came.repeated === true ? 'repeated' : 'ok';
  if (got !== outcome) return `${outcome} expected, came out ${got} ${refusal ?? ''}`;
  const pairs = outcome === 'refused' ? expected.slice(1) : expected;
  if (outcome === 'refused' && expected[0] !== refusal) return `refused ${expected[0]} expected, was ${refusal}`;
  if (pairs.length % 2 === 1) return `names and values come in pairs: ${pairs.join(' ')}`;
  for (let index = 0; index < pairs.length; index += 2) {
    const [name = '', value = ''] = pairs.slice(index, index + 2);
    const found = await look(teller, came, name);
    if (found !== value) return `${name} ${value} expected, was ${found}`;
  }
  return undefined;
}
