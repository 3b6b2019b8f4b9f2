// Rule 9 is the call's: a real gateway in front of a real upstream, one call that stays and the same one that leaves.
import { afterAll, expect, test } from 'vitest';
import { expectBooksRight, newestReceipt } from '../http/books.ts';
import { cardWith, SHORT } from '../http/card.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({
  credits: 10_000,
  settings: SHORT,
  card: cardWith(`  left:
    path: /left
    upstream: plain
    operations:
      - id: left.bytes
        match: GET /bytes
        bounds: { bytes: { most: 1000000, kept_by: cut } }
        price: [{ rate: 1 }, { per: bytes, unit: 1000, rate: 1 }]
        drain: { seconds: 2, bytes: 300000 }
`),
});
afterAll(() => kit.close());

test('rule 9: a client that leaves pays what it would have paid had it stayed', async () => {
  const stayed = await ask(60_000, 'stays');
  const left = await ask(60_000, 'leaves');
  expect(stayed).toMatchObject({ state: 'settled', charge: 61, end: 'complete' });
  expect(left).toMatchObject({ state: 'settled', charge: 61, end: 'complete' });
});

test('rule 9: past the limits the upstream is cut, and all that was read on is charged', async () => {
  const cut = await ask(900_000, 'leaves');
  expect(cut).toMatchObject({ state: 'settled', end: 'cut', why: 'client_left', hold: 1_001 });
  // Three hundred thousand bytes were read for a client that had gone, beside those that it got.
  expect(cut.charge).toBeGreaterThan(301);
  expect(cut.charge).toBeLessThan(901);
});

test('rule 9: the statement shows three charges and nothing held', async () => {
  const { entries } = (await kit.api('GET', 'entries')).body;
  const [cut, left, stayed, given] = entries;
  expect([given.kind, stayed.delta, left.delta, cut.kind]).toEqual(['grant', -61, -61, 'charge']);
  expect(cut.after).toBeCloseTo(10_000 - 61 - 61 + cut.delta, 6);
  await expectBooksRight(kit);
});

/** The receipt of one call for so many bytes. Who leaves does so at the first of them. */
// oxlint-disable-next-line typescript/no-explicit-any
async function ask(bytes: number, how: 'stays' | 'leaves'): Promise<any> {
  const slow = bytes > 300_000 ? 'drip=80' : 'drip=20';
  const answer = await kit.call(`/left/bytes?n=${bytes}`, { headers: { 'x-demo-fault': slow } });
  const callId = answer.headers.get('credits-call');
  if (how === 'stays') await answer.arrayBuffer();
  else {
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
  }
  return newestReceipt(kit, ({ id, state }) => id === callId && state !== 'open');
}
