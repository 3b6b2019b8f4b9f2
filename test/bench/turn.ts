// Midnight: 100,000 people in 100 organizations whose cycles turn at one moment. How long it takes until every allowance has ended, has rolled
// over and was given anew by the sweep of a gateway, and what calls on other accounts feel of it meanwhile.
//   node test/bench/turn.ts              100,000 accounts; writes its section of docs/benchmarks.md
//   node test/bench/turn.ts --quick      5,000; writes nothing
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { microcredits, ZERO } from '@tollgate/shared/credits';
import type { RateCard } from '@tollgate/shared/rate-card/card';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import type { AllowanceDue, HoldCommand, Put } from '../../gateway/src/ledger/commands.ts';
import type { Ledger } from '../../gateway/src/ledger/ledger.ts';
import { startSweep } from '../../gateway/src/ledger/sweep.ts';
import { openOrganizations } from '../../gateway/src/payer/organizations.ts';
import { startTurn } from '../../gateway/src/payer/turn.ts';
import { openDirectory, putOf } from '../../gateway/src/people/directory.ts';
import { openSqliteStore } from '../../gateway/src/store/sqlite/sqlite-store.ts';
import { decideHolds } from './deciding.ts';
import { machine, writeSection } from './section.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const ACCOUNTS = values.quick ? 5_000 : 100_000;
const ORGANIZATIONS = 100;
const CALLS_PER_SECOND = 100;
const CALM_MS = values.quick ? 2_000 : 5_000;
const NOVEMBER = Date.UTC(2026, 10, 1);
const DECEMBER = Date.UTC(2026, 11, 1);
const METHOD = `All cycles turn at one moment, in one process over SQLite; calls on another account come at an even rate. By \`node test/bench/turn.ts\`.`;
const log = { warn: console.warn, error: console.error };

const folder = await mkdtemp(join(tmpdir(), 'tollgate-turn-'));
let offsetMs = NOVEMBER + 1 - Date.now();
const now = (): number => Date.now() + offsetMs;
const store = await openSqliteStore(join(folder, 'ledger.db'), { now, organization: 'org-0' });
const card = cardOf();
const ledger = openLedger(store, { now, startAt: await store.lastAt() });
try {
  await lay(ledger);
  const calls = callsOf(ledger);
  await sleep(1_000);
  calls.take();
  await sleep(CALM_MS);
  const calm = percentiles(calls.take());
  offsetMs = DECEMBER - Date.now();
  const before = process.cpuUsage();
  const turnedMs = await turn(ledger);
  const { user, system } = process.cpuUsage(before);
  const turning = percentiles(calls.take());
  await calls.stop();
  const lines = [
    `${ACCOUNTS} accounts ended, rolled over and given anew in ${(turnedMs / 1_000).toFixed(1)} s, with ${CALLS_PER_SECOND} calls a second beside them`,
    `hold of a call, before: ${text(calm)}`,
    `hold of a call, meanwhile: ${text(turning)}`,
    `added at p99: ${(turning.p99 - calm.p99).toFixed(1)} ms`,
    `processor time meanwhile: ${((user + system) / ACCOUNTS).toFixed(0)} µs an account, the calls beside them included`,
  ];
  const { medianUs, meanUs } = decideHolds();
  lines.push(
    `deciding a hold over 6 caps, 3 accounts and 20 grants: median ${medianUs.toFixed(1)} µs, mean ${meanUs.toFixed(1)} µs`,
  );
  console.log(lines.join('\n'));
  if (!values.quick) writeSection('Midnight', `${METHOD}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n\n${machine()}`);
} finally {
  await ledger.close();
  await store.close();
  await rm(folder, { recursive: true });
}

/** As a gateway does at midnight. */
async function turn(to: Ledger): Promise<number> {
  const directory = openDirectory(store, to);
  const turns = startTurn({ ledger: to, store, directory, organizations: openOrganizations(directory), card: () => card, log });
  const startedMs = performance.now();
  const sweep = startSweep(to, store, { leaseMs: 30_000, settlesWaiting: () => 0, turn: () => turns.due(), log });
  await sweep.now();
  await sweep.stop();
  const tookMs = performance.now() - startedMs;
  const [late] = [...(await store.expired(to.now(), 1)), ...(await store.endedAllowances(to.now(), 1)).map(({ id }) => id)];
  if (late !== undefined) throw new Error(`${late} has not turned`);
  const { available } = await to.standing({ sources: [accountOf(ACCOUNTS - 1)] });
  if (available !== 8_000_000_000 + 4_000_000_000) throw new Error(`${available} are available after the turn`);
  return tookMs;
}

function cardOf(): RateCard {
  const file = new URL('../../shared/fixtures/rates.yaml', import.meta.url);
  const loaded = loadRateCard(readFileSync(file, 'utf8'), { file: file.pathname, version: 'bench' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.card;
}

/** Organizations, seats, and the allowances of November. */
async function lay(to: Ledger): Promise<void> {
  const write = (puts: readonly Put[]) => to.run({ type: 'put', puts, audits: [], events: [] });
  await write(Array.from({ length: ORGANIZATIONS }, (_, index) => organizationOf(`org-${index}`)));
  for (let from = 0; from < ACCOUNTS; from += 1_000) {
    const some = Array.from({ length: Math.min(1_000, ACCOUNTS - from) }, (_, index) => from + index);
    await write(some.map(seatOf));
    await Promise.all(some.map((index) => to.run({ type: 'allow', allowance: dueOf(index) })));
  }
  const bought = {
    type: 'grant',
    id: 'g1',
    account: 'pool:busy',
    kind: 'top-up',
    priority: 0,
    reason: 'bench',
    by: 'bench',
  } as const;
  await to.run({ ...bought, amount: microcredits(900_000_000_000_000), effectiveAt: null, expiresAt: null });
}

function organizationOf(id: string): Put {
  const plan = { plan: 'team', cycle: { every: 'month', anchor: null, zone: 'UTC', since: null } } as const;
  const none = { next: null, extraLimit: ZERO, extraWord: null, autoPurchase: null, paymentMethod: null, closedAt: null };
  return putOf('organization', id, id, { id, name: id, kind: 'company', timeZone: 'UTC', ...plan, ...none });
}

function seatOf(index: number): Put {
  const [organization = '', user = ''] = ownerOf(index).split('/');
  const id = `${organization}/s-${index}`;
  const seat = { id, organization, type: 'pro', user, since: NOVEMBER };
  return putOf('seat', id, organization, seat, { lookup: ownerOf(index) });
}

function dueOf(index: number): AllowanceDue {
  const rollover = { most: microcredits(4_000_000_000), expiresAt: Date.UTC(2027, 1, 1) };
  const seat = `seat:${ownerOf(index).split('/')[0]}/s-${index}`;
  const amount = microcredits(8_000_000_000);
  return { kind: 'allowance', account: accountOf(index), seat, amount, from: NOVEMBER, until: DECEMBER, rollover };
}

function accountOf(index: number): string {
  return `user:${ownerOf(index)}`;
}

function ownerOf(index: number): string {
  return `org-${index % ORGANIZATIONS}/user-${index}`;
}

/** Calls at an even rate, whether or not the ones before them have ended; `take` gives how long their holds took since the last time. */
function callsOf(to: Ledger): { take: () => number[]; stop: () => Promise<void> } {
  let tookMs: number[] = [];
  let stopped = false;
  const open = new Set<Promise<void>>();
  const one = async (callId: string): Promise<void> => {
    const startedMs = performance.now();
    await to.run(holdOf(callId));
    tookMs.push(performance.now() - startedMs);
    await to.run({ type: 'settle', callId, owner: 'bench', settlement: settlementOf(60_000), answer: null });
  };
  const run = async (): Promise<void> => {
    const startedMs = performance.now();
    for (let count = 0; ; count += 1) {
      if (stopped) break;
      const call = one(`call-${String(count).padStart(9, '0')}`);
      open.add(call);
      void call.finally(() => open.delete(call));
      await sleep(Math.max(0, startedMs + ((count + 1) * 1_000) / CALLS_PER_SECOND - performance.now()));
    }
    await Promise.all(open);
  };
  const running = run();
  return {
    take: () => {
      const taken = tookMs;
      tookMs = [];
      return taken;
    },
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

function holdOf(callId: string): HoldCommand {
  return {
    type: 'hold',
    callId,
    amount: microcredits(100_000),
    sources: ['pool:busy'],
    caps: [],
    owner: 'bench',
    leaseMs: 30_000,
    claim: null,
    about: { workspace: 'acme/main', key: 'k', service: 's', operation: 'o', reason: 'r', cardVersion: 'v', more: {} },
    onLapse: settlementOf(100_000),
  };
}

function settlementOf(charge: number) {
  return { charge: microcredits(charge), free: ZERO, absorbed: ZERO, ended: {} };
}

interface Percentiles {
  p50: number;
  p99: number;
  most: number;
  count: number;
}

function percentiles(tookMs: number[]): Percentiles {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), most: at(1), count: sorted.length };
}

function text({ p50, p99, most, count }: Percentiles): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${most.toFixed(1)} ms over ${count}`;
}
