// Random writes of records: few ids and few other names, so that versions are stale, names are taken and events come again.
import type { PutCommand, Put } from '../../gateway/src/ledger/commands.ts';
import type { Books } from './books.ts';
import type { Random } from './random.ts';

const KINDS: [string, ...string[]] = ['seat', 'seat', 'key'];
const IDS: [string, ...string[]] = ['r1', 'r2', 'r3'];
const NAMES: [string | null, ...(string | null)[]] = [null, 'n1', 'n1', 'n2'];

/** Every record that there can be. */
export const RECORDS = [...new Set(KINDS)].flatMap((kind) => IDS.map((id) => ({ kind, id })));
/** Every other name. */
export const LOOKUPS = [...new Set(KINDS)].flatMap((kind) =>
  NAMES.flatMap((lookup) => (lookup === null ? [] : [{ kind, lookup }])),
);

export function put(random: Random, books: Books): PutCommand {
  const count = random.pick([1, 1, 1, 2, 3]);
  const event = () => ({
    type: 'seat.changed',
    organization: 'a',
    workspace: random.pick([null, 'a/w1']),
    data: { n: random.below(9) },
  });
  const audit = { by: 'op', user: null, from: '', organization: 'a', action: 'seat.change', before: 1, after: 2, reason: '' };
  return {
    type: 'put',
    puts: Array.from({ length: count }, () => onePut(random, books)),
    audits: random.percent(60) ? [{ ...audit, subject: { kind: 'seat', id: 'r1' } }] : [],
    events: Array.from({ length: random.pick([0, 1, 1, 2]) }, () => ({ id: `e${random.below(6)}`, ...event() })),
  };
}

function onePut(random: Random, books: Books): Put {
  const [kind, id] = [random.pick(KINDS), random.pick(IDS)];
  const version = books.records.find((record) => record.kind === kind && record.id === id)?.version ?? 0;
  const expects = random.pick([null, version, version, random.below(4)]);
  const body = random.percent(20) ? null : { n: random.below(100) };
  return { kind, id, organization: random.pick(['a', 'b']), lookup: random.pick(NAMES), body, expects };
}
