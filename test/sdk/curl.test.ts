// curl, as people try it by hand: HTTP/1.1, HTTP/1.0, a stream, and trailers.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { endedAt, receiptOf } from '../http/books.ts';
import { startGateway } from '../kit/gateway.ts';
import { reckon } from './reckon.ts';

const kit = await startGateway({ upstream: ['--pace-ms', '0'], credits: 10_000 });
afterAll(() => kit.close());
const run = promisify(execFile);

async function curl(mark: string, path: string, ...more: readonly string[]): Promise<{ out: string; call: string }> {
  const auth = ['-H', `Authorization: Bearer ${kit.spendKey}`, '-H', `x-demo-call: ${mark}`];
  const { stdout: out } = await run('curl', ['-sS', '-i', '-N', ...auth, ...more, `${kit.url}${path}`]);
  return { out, call: /credits-call: (\S+)/i.exec(out)?.[1] ?? '' };
}

const chat = (more: object): string =>
  JSON.stringify({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'From curl.' }],
    max_completion_tokens: 40,
    ...more,
  });

test('a call has its cost in the head', async () => {
  const { out, call } = await curl('json', '/openai/v1/chat/completions', '-H', 'content-type: application/json', '-d', chat({}));
  expect(out).toMatch(/^HTTP\/1\.1 200 OK/);
  const micro = reckon('gpt-4o-mini', (await endedAt(kit, 'json'))['usage']);
  expect(Math.round(Number(/credits-cost: ([\d.]+)/i.exec(out)?.[1]) * 1e6)).toBe(micro);
  expect(Math.round((await receiptOf(kit, call)).charge * 1e6)).toBe(micro);
});

test('a stream ends with its cost', async () => {
  const { out } = await curl('stream', '/openai/v1/chat/completions', '-d', chat({ stream: true }));
  const micro = reckon('gpt-4o-mini', (await endedAt(kit, 'stream'))['usage']);
  expect(Math.round(Number(/: credits call=\S+ cost=([\d.]+)\n\n$/.exec(out)?.[1]) * 1e6)).toBe(micro);
});

test('HTTP/1.0: a whole answer with its length and its cost', async () => {
  const { out } = await curl('old', '/openai/v1/chat/completions', '--http1.0', '-d', chat({}));
  expect(out.toLowerCase()).not.toContain('transfer-encoding');
  expect(out).toMatch(/content-length: \d+/i);
  expect(out).toMatch(/credits-cost: [\d.]+/i);
});

test('TE: trailers: the cost of an answer without a length comes behind it', async () => {
  const { out } = await curl('trailers', '/plain/rows?n=250&format=csv', '-H', 'TE: trailers');
  expect(out).toMatch(/trailer: Credits-Cost/i);
  expect(out.trimEnd()).toMatch(/Credits-Cost: 0\.25$/i);
});

test('a large body, for which curl waits with Expect, is read and charged', async () => {
  const content = 'x'.repeat(1_200_000);
  const file = `${kit.folder}/body.json`;
  await writeFile(file, chat({ messages: [{ role: 'user', content }] }));
  const { out } = await curl('large', '/openai/v1/chat/completions', '-H', 'Expect: 100-continue', '--data-binary', `@${file}`);
  expect(out).toMatch(/^HTTP\/1\.1 100 Continue/);
  expect(out).toContain('200 OK');
  expect((await endedAt(kit, 'large'))['complete']).toBe(true);
});
