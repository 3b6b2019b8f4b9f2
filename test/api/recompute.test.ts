// Every number can be explained (promise 4): any call of a believable workload comes out the same again from what is stored, also after
// the card has changed twice.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTraffic } from '../../gateway/src/demo-upstream/traffic.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { checkedApi } from './checked.ts';

const CARD = readFileSync(join(import.meta.dirname, '../../gateway/templates/demo.yaml'), 'utf8');
// As much as is worth a look, however busy the machine is.
const CALLS = 300;
const TRAFFIC_MOST_MS = 40_000;

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway({ card: CARD, credits: 100_000, upstream: ['--pace-ms', '1'] });
});
afterAll(() => kit.close());

interface Listed {
  id: string;
  state: string;
  operation: string;
  rateCard: string;
}

test('explain and the receipt agree with what was charged, call by call', async () => {
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(TRAFFIC_MOST_MS)]);
  const traffic = startTraffic({ baseUrl: kit.url, key: kit.spendKey, seed: 7, perMinute: 20_000, signal });
  while (!signal.aborted && (await kit.upstream.arrived()) < CALLS) await new Promise((resolve) => setTimeout(resolve, 100));
  enough.abort();
  await traffic;
  for (const rate of [4, 5]) {
    // Golden calls pin the old prices; a card that changes its prices changes them too.
    writeFileSync(
      kit.cardFile,
      CARD.replace(/^golden:[\s\S]*/m, '')
        .replaceAll(/gpt-4o: 2/g, `gpt-4o: ${rate}`)
        .replace('rate: 2 }]', `rate: ${rate} }]`),
    );
    expect((await kit.api('POST', 'card/reload')).body.problems).toEqual([]);
  }
  const api = checkedApi(kit);
  const ended = (await everyCall(api)).filter(({ state }) => state !== 'open');
  expect(ended.length).toBeGreaterThan(100);
  expect(new Set(ended.map(({ operation }) => operation)).size).toBeGreaterThan(5);
  const differing: unknown[] = [];
  for (const { id, state } of ended) {
    const { body: receipt } = await api('GET', `calls/${id}`);
    const { status, body } = await api('GET', `explain/${id}`);
    // What never reached the upstream was released without facts, and so has nothing to compute.
    if (status === 404 && state === 'released') continue;
    if (status !== 200 || !body.equal) differing.push({ receipt, body });
    const lines = receipt.lines.filter(({ free }: { free?: string }) => free === undefined);
    const sum = lines.reduce((total: number, { credits }: { credits: string }) => total + Number(credits), 0);
    if (receipt.charge !== null && Math.abs(sum - receipt.charge - receipt.absorbed) > 0.000_002) differing.push(receipt);
  }
  // A few are enough to see what is wrong.
  expect(differing.slice(0, 3)).toEqual([]);
  expect((await api('GET', 'verify')).body).toMatchObject({ ok: true });
});

async function everyCall(api: GatewayKit['api']): Promise<Listed[]> {
  const all: Listed[] = [];
  for (let before = ''; ;) {
    const { body } = await api('GET', `calls?limit=1000${before}`);
    all.push(...(body.calls as Listed[]));
    if (body.next === null) return all;
    before = `&before=${body.next}`;
  }
}
