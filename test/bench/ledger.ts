// How many durable commands a second the ledger takes in one process with everything on: hash chain, digests, roll-ups, tallies and the
// high-water mark. Pairs of hold and settle, over 100 accounts and over one, with different numbers of calls in flight.
//   node test/bench/ledger.ts [folder]
//   node test/bench/ledger.ts --deciding    only what deciding one hold takes, without queue and store
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { microcredits, ZERO } from '@tollgate/shared/credits';
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import type { HoldCommand } from '../../gateway/src/ledger/commands.ts';
import type { Ledger } from '../../gateway/src/ledger/ledger.ts';
import { openSqliteStore } from '../../gateway/src/store/sqlite/sqlite-store.ts';
import { decideHolds } from './deciding.ts';

const WARM_UP_MS = 1_000;
const MEASURED_MS = 3_000;
const IN_FLIGHT = [32, 128, 256, 512, 1_024];

const FACTS = {
  inputs: { 'body.model': 'gpt-4o', 'body.n': 1 },
  bounds: { input_tokens: 412, output_tokens: 4_096 },
  measurement: { quantities: { input_tokens: 103, output_tokens: 57 }, received: {}, problems: [] },
  end: { status: 200, how: 'complete' },
  flags: [],
};
const SETTLEMENT = { charge: microcredits(165_500), free: ZERO, absorbed: ZERO, ended: FACTS };

const { values, positionals } = parseArgs({ options: { deciding: { type: 'boolean', default: false } }, allowPositionals: true });
const { medianUs, meanUs } = decideHolds();
console.log(
  `deciding a hold over 6 caps, 3 accounts and 20 grants: median ${medianUs.toFixed(1)} µs, mean ${meanUs.toFixed(1)} µs`,
);

for (const accounts of values.deciding ? [] : [100, 1]) {
  for (const inFlight of IN_FLIGHT) {
    const perSecond = await measure(accounts, inFlight);
    console.log(`${String(accounts).padStart(3)} accounts, ${String(inFlight).padStart(4)} in flight: ${perSecond} commands/s`);
  }
}

async function measure(accounts: number, inFlight: number): Promise<number> {
  const folder = await mkdtemp(join(positionals[0] ?? tmpdir(), 'tollgate-bench-'));
  const store = await openSqliteStore(join(folder, 'ledger.db'), { now: Date.now });
  const ledger = openLedger(store, { now: Date.now });
  await Promise.all(Array.from({ length: accounts }, (_, index) => giveCredits(ledger, `pool:${index}`)));
  let done = 0;
  const until = performance.now() + WARM_UP_MS + MEASURED_MS;
  let counted = 0;
  setTimeout(() => (counted = done), WARM_UP_MS);
  const one = async (lane: number): Promise<void> => {
    for (let turn = 0; performance.now() < until; turn += 1) {
      const callId = `${Date.now().toString(36)}-${String(lane).padStart(4, '0')}-${String(turn).padStart(8, '0')}`;
      await ledger.run(holdOf(callId, `pool:${(lane + turn) % accounts}`));
      await ledger.run({ type: 'settle', callId, owner: 'bench', settlement: SETTLEMENT, answer: null });
      done += 2;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, lane) => one(lane)));
  await ledger.close();
  await store.close();
  await rm(folder, { recursive: true });
  return Math.round(((done - counted) / MEASURED_MS) * 1_000);
}

async function giveCredits(ledger: Ledger, account: string): Promise<void> {
  const amount = microcredits(900_000_000_000_000);
  const grant = { type: 'grant', id: `g-${account}`, account, kind: 'top-up', amount, priority: 0 } as const;
  await ledger.run({ ...grant, effectiveAt: null, expiresAt: null, reason: 'bench', by: 'bench' });
}

function holdOf(callId: string, account: string): HoldCommand {
  return {
    type: 'hold',
    callId,
    amount: microcredits(8_398_000),
    sources: [account],
    caps: [
      {
        id: 'key-1-day',
        scope: { kind: 'key', id: 'key-1' },
        window: 'day',
        from: 1_763_596_800_000,
        until: 1_763_683_200_000,
        limit: microcredits(900_000_000_000_000),
      },
    ],
    owner: 'bench',
    leaseMs: 30_000,
    claim: null,
    about: {
      workspace: 'main',
      key: 'key-1',
      service: 'chat',
      operation: 'chat.complete',
      reason: 'Premium-model chats',
      cardVersion: '1f0e3dad9990',
      more: {
        fingerprint: 'b1946ac92492d2347c6235b4d2611184',
        method: 'POST',
        path: '/v1/chat/completions',
        labels: { scenario: 'daily' },
      },
    },
    onLapse: {
      charge: microcredits(8_398_000),
      free: ZERO,
      absorbed: ZERO,
      ended: { end: { how: 'unknown' }, flags: ['end_unknown'] },
    },
  };
}
