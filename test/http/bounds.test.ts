// A bound so broken that a hold is passed: the customer pays the hold, the operator the rest (rule 6), and a stream is cut (rule 12).
import { afterAll, expect, test } from 'vitest';
import { balanceOf, endedAt, newestReceipt, receiptOf } from './books.ts';
import { cardWith, SHORT } from './card.ts';
import { raw, request } from './raw.ts';
import { startGateway } from '../kit/gateway.ts';

const chat = (id: string): string => `
      - id: ${id}
        match: POST /v1/chat/completions
        meter: openai
        bounds: { output_tokens: { most: body.max_completion_tokens, kept_by: inject } }
        fields: { body.max_completion_tokens: { absent: 20 } }
        price: [{ per: output_tokens, unit: 1000, rate: 1 }]
`;
const kit = await startGateway({
  credits: 100,
  settings: SHORT,
  upstream: ['--pace-ms', '0'],
  card: cardWith(`  whole:
    path: /whole
    upstream: openai
    operations:${chat('whole.chat')}  stream:
    path: /stream
    upstream: openai
    operations:${chat('stream.chat')}`),
});
afterAll(() => kit.close());
const body = (more: object): string =>
  JSON.stringify({ model: 'gpt-4o-mini', max_completion_tokens: 20, ...more, messages: [{ role: 'user', content: 'x' }] });

test('a whole answer past its bound arrives; the hold is charged and the rest absorbed', async () => {
  const answer = await kit.call('/whole/v1/chat/completions', {
    method: 'POST',
    body: body({}),
    headers: { 'x-demo-fault': 'break-bound=30', 'x-demo-call': 'past' },
  });
  expect(answer.status).toBe(200);
  expect(((await endedAt(kit, 'past'))['usage'] as { completion_tokens: number }).completion_tokens).toBe(50);
  expect(answer.headers.get('credits-cost')).toBe('0.02');
  const receipt = await receiptOf(kit, answer.headers.get('credits-call'));
  expect(receipt).toMatchObject({ hold: 0.02, charge: 0.02, absorbed: 0.03, flags: ['bound_broken'] });
  expect((await balanceOf(kit)).available).toBe(99.98);
});

test('a stream whose report is past the bound is cut: a reset, no clean end, no cost comment, the reason on the receipt', async () => {
  const text = body({ stream: true, stream_options: { include_usage: true } });
  const answer = await raw(
    kit.url,
    request('POST /stream/v1/chat/completions HTTP/1.1', [`x-api-key: ${kit.spendKey}`, 'x-demo-fault: break-bound=30'], text),
  );
  expect(answer.status).toBe(200);
  expect(answer.end).toBe('reset');
  expect(answer.body).not.toContain('0\r\n\r\n');
  expect(answer.body).not.toContain(': credits');
  const receipt = await newestReceipt(kit);
  expect(receipt).toMatchObject({ charge: 0.02, absorbed: 0.03, end: 'cut', why: 'bound_broken', state: 'settled' });
});
