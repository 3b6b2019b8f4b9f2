// A changed rate card is taken up without dropping a call; a broken one leaves the last good one in force and says so. A call keeps the
// version that it was held under (rule 2).
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { arrivals, receiptOf, until } from './books.ts';
import { KIT_CARD } from './card.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({ credits: 10_000 });
afterAll(() => kit.close());

const ok = (fault = '', mark = ''): Promise<Response> =>
  kit.call('/plain/ok', { headers: { 'x-demo-fault': fault, 'x-demo-call': mark } });
const dearer = KIT_CARD.replace('is: { small: 1, dear: 75 }', 'is: { small: 7, dear: 75 }');

async function takenUp(text: string, price: string): Promise<void> {
  writeFileSync(kit.cardFile, text);
  await until(`a price of ${price}`, async () => ((await ok()).headers.get('credits-cost') === price ? true : undefined));
}

test('a new price is for new calls; a call under way keeps its own, and no call fails meanwhile', async () => {
  const running = ok('slow=1200', 'running');
  await until('the arrival', () => Promise.resolve(arrivals(kit, 'running')[0]));
  const statuses: number[] = [];
  const enough = new AbortController();
  const load = (async () => {
    while (!enough.signal.aborted) statuses.push((await ok()).status);
  })();
  await takenUp(dearer, '7');
  enough.abort();
  await load;
  expect(new Set(statuses)).toEqual(new Set([200]));
  const old = await running;
  expect(old.headers.get('credits-cost')).toBe('1');
  const next = await ok();
  expect(next.headers.get('credits-cost')).toBe('7');
  expect(old.headers.get('credits-rate-card')).not.toBe(next.headers.get('credits-rate-card'));
  // Both receipts explain themselves by their own version.
  for (const [answer, words] of [
    [old, '1 per call'],
    [next, '7 per call'],
  ] as const) {
    const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
    expect(receipt.rateCard).toBe(answer.headers.get('credits-rate-card'));
    expect(receipt.lines[0].arithmetic).toContain(words);
  }
});

test.each([
  ['a stray brace', dearer.replace('services:', 'services: {')],
  ['an unknown word', dearer.replace('reason: Bytes', 'raeson: Bytes')],
  ['an unbounded quantity', dearer.replace('bounds: { input_tokens: { most: body.bytes, kept_by: documented } }', 'bounds: {}')],
  ['an upstream that is not configured', dearer.replace('upstream: records', 'upstream: nowhere')],
  ['nothing at all', ''],
])('%s: the last good card stays, and it is said where the fault is', async (_name, text) => {
  const version = (await ok()).headers.get('credits-rate-card');
  writeFileSync(kit.cardFile, text);
  const problems = await until('a problem', async () => {
    const { body } = await kit.api('GET', 'card');
    return body.problems.length > 0 ? (body.problems as { line: number; column: number; message: string }[]) : undefined;
  });
  expect(problems[0]).toMatchObject({ line: expect.any(Number) as number, column: expect.any(Number) as number });
  expect(problems[0]?.message).not.toBe('');
  const answer = await ok();
  expect(answer.headers.get('credits-cost')).toBe('7');
  expect(answer.headers.get('credits-rate-card')).toBe(version);
  await takenUp(dearer, '7');
  await until('that the problem is gone', async () =>
    (await kit.api('GET', 'card')).body.problems.length === 0 ? true : undefined,
  );
});

test('a gateway does not start on a broken card: it names the place', async () => {
  await kit.end();
  writeFileSync(kit.cardFile, dearer.replace('reason: Bytes', 'raeson: Bytes'));
  const main = fileURLToPath(new URL('../../gateway/src/main.ts', import.meta.url));
  const { status, stderr: said } = spawnSync(process.execPath, [main, 'start', '--config', kit.configFile], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(status).toBeGreaterThan(0);
  const line = dearer.slice(0, dearer.indexOf('reason: Bytes')).split('\n').length;
  expect(said).toContain(`rates.yaml:${line}:`);
  expect(said).not.toMatch(/\bat .*\.ts:\d+/);
  writeFileSync(kit.cardFile, dearer);
  await kit.start();
  expect((await ok()).status).toBe(200);
});
