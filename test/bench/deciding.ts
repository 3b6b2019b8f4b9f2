// What the engine needs to decide one hold where much is to be looked at: 6 caps, 3 accounts and extra credits, 20 grants, two allowances. No
// queue and no store: apply alone, on rows in memory.
import { microcredits, ZERO } from '@tollgate/shared/credits';
import type { CapCheck, HoldCommand, Terms } from '../../gateway/src/ledger/commands.ts';
import { apply } from '../../gateway/src/ledger/engine.ts';
import { openTeller } from '../../gateway/src/ledger/teller.ts';

const WARM_UP = 20_000;
const MEASURED = 100_000;
const FROM = 1_793_491_200_000;
const UNTIL = FROM + 30 * 86_400_000;
const SOURCES = ['user:acme/ann', 'pool:acme', 'pool:beta'];

/** Median and mean of a hundred thousand, in microseconds. */
export function decideHolds(): { medianUs: number; meanUs: number } {
  const teller = openTeller();
  teller.at = FROM + 5_000_000;
  for (const allowance of TERMS.allowances) teller.run({ type: 'allow', allowance });
  for (let number = 0; number < 18; number += 1) {
    const account = SOURCES[number % 3] ?? '';
    const grant = { type: 'grant', id: `g${number}`, account, kind: 'top-up', reason: 'bench', by: 'bench' } as const;
    const ends = number % 2 === 0 ? null : UNTIL + number;
    teller.run({ ...grant, amount: microcredits(1_000_000), priority: number % 4, effectiveAt: null, expiresAt: ends });
  }
  const tookUs = new Float64Array(MEASURED);
  for (let turn = -WARM_UP; turn < MEASURED; turn += 1) {
    const command = holdOf(`call-${String(turn).padStart(9, '0')}`);
    const startedMs = performance.now();
    const { outcome } = apply(teller, command, teller.at);
    const took = (performance.now() - startedMs) * 1_000;
    if (!outcome.ok) throw new Error(`a hold was refused: ${JSON.stringify(outcome)}`);
    if (turn >= 0) tookUs[turn] = took;
  }
  const meanUs = tookUs.reduce((sum, one) => sum + one, 0) / MEASURED;
  return { medianUs: tookUs.toSorted()[MEASURED / 2] ?? NaN, meanUs };
}

const PERIOD = { kind: 'allowance', from: FROM, until: UNTIL, rollover: null } as const;
const TERMS: Terms = {
  allowances: [
    { ...PERIOD, account: 'user:acme/ann', seat: 'seat:acme/s1', amount: microcredits(8_000_000_000) },
    { ...PERIOD, account: 'pool:acme', seat: null, amount: microcredits(100_000_000_000) },
  ],
  extra: {
    account: 'extra:acme',
    limit: microcredits(1_000_000_000),
    from: FROM,
    until: UNTIL,
    fee: { perCredit: '0.002', currency: 'USD' },
  },
  bypass: false,
  resetsAt: UNTIL,
  until: UNTIL,
};

const CAPS: readonly CapCheck[] = ['key', 'user', 'workspace', 'organization', 'service', 'operation'].map((kind, number) => ({
  id: `cap:${kind}-${number}`,
  scope: { kind, id: `acme/${kind}` },
  window: 'day',
  from: FROM,
  until: FROM + 86_400_000,
  limit: microcredits(900_000_000_000),
  mode: number % 3 === 2 ? 'soft' : 'hard',
}));

function holdOf(callId: string): HoldCommand {
  return {
    type: 'hold',
    callId,
    // Past what stands before the allowances in burn order, so that several grants are drawn on.
    amount: microcredits(8_398_000),
    sources: SOURCES,
    caps: CAPS,
    terms: TERMS,
    owner: 'bench',
    leaseMs: 30_000,
    claim: { id: `acme/main/chat.complete/${callId}`, fingerprint: 'b1946ac92492d2347c6235b4d2611184', keepMs: 86_400_000 },
    about: {
      workspace: 'acme/main',
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
