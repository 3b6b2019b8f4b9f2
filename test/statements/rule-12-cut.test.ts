// Rule 12 is the call's: a real gateway in front of a real upstream that sends more than its hold pays for.
import { afterAll, expect, test } from 'vitest';
import { expectBooksRight, newestReceipt } from '../http/books.ts';
import { cardWith, SHORT } from '../http/card.ts';
import { raw, request } from '../http/raw.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({
  credits: 50,
  settings: SHORT,
  card: cardWith(`  cut:
    path: /cut
    upstream: plain
    operations:
      - id: cut.bytes
        match: GET /bytes
        bounds: { bytes: { most: 20000, kept_by: cut } }
        price: [{ per: bytes, unit: 1000, rate: 1 }]
`),
});
afterAll(() => kit.close());
const get = (bytes: number, fault: string): ReturnType<typeof raw> =>
  raw(kit.url, request(`GET /cut/bytes?n=${bytes} HTTP/1.1`, [`x-api-key: ${kit.spendKey}`, `x-demo-fault: ${fault}`]), {
    waitMs: 5_000,
  });

test('rule 12: a stream up to its hold ends cleanly; one that would outrun it is reset, and says why in its call', async () => {
  const whole = await get(20_000, 'chunked');
  expect(whole.end).not.toBe('reset');
  expect(await newestReceipt(kit)).toMatchObject({ hold: 20, charge: 20, end: 'complete' });
  const cut = await get(800_000, 'drip=1,chunked');
  expect(cut.end, 'never a clean end that looks complete').toBe('reset');
  expect(cut.text.endsWith('0\r\n\r\n')).toBe(false);
  expect(await newestReceipt(kit)).toMatchObject({ hold: 20, charge: 20, end: 'cut', why: 'bound_reached' });
});

test('rule 12: the statement shows what was held and not a microcredit more', async () => {
  const { entries } = (await kit.api('GET', 'entries')).body;
  expect(entries.map(({ kind, delta, after }: Record<string, unknown>) => [kind, delta, after])).toEqual([
    ['charge', -20, 10],
    ['charge', -20, 30],
    ['grant', 50, 50],
  ]);
  expect((await get(1, '')).status).toBe(402);
  await expectBooksRight(kit);
});
