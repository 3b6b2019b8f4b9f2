// What is stored with a call beside its price: labels, its parent, its trace. What a client claims describes and decides nothing.
import { afterAll, expect, test } from 'vitest';
import { arrivals, receiptOf } from './books.ts';
import { cardWith } from './card.ts';
import { startGateway } from '../kit/gateway.ts';

const kit = await startGateway({
  card: cardWith(`  tagged:
    path: /tagged
    upstream: plain
    operations:
      - id: tagged.ok
        match: GET /ok
        labels: { size: query.size }
        price: [{ by: label.team, is: { sales: 2, ops: 4 }, absent: ops, unknown: refuse }]
`),
});
afterAll(() => kit.close());
const sales = await kit.makeKey({ scope: 'spend', labels: { team: 'sales' } });

const labelsOf = async (headers: Record<string, string>, path = '/plain/ok'): Promise<Record<string, string>> => {
  const answer = await kit.call(path, { headers });
  expect(answer.status).toBe(200);
  return (await receiptOf(kit, answer.headers.get('credits-call'))).labels as Record<string, string>;
};

test('baggage is stored as labels', async () => {
  const baggage = 'scenario=monthly-report;ttl=1, run=r%2042 ,module=a.b,project=x=y';
  expect(await labelsOf({ baggage })).toEqual({ scenario: 'monthly-report', run: 'r 42', module: 'a.b', project: 'x=y' });
});

test('what does not read is left out, and there is a limit to all of it', async () => {
  expect(await labelsOf({ baggage: `=x,1st=y,ok=1,bad=%zz,long=${'v'.repeat(300)},noequals` })).toEqual({ ok: '1' });
  const many = Array.from({ length: 60 }, (_, at) => `l${at}=v`).join(',');
  expect(Object.keys(await labelsOf({ baggage: many }))).toHaveLength(16);
  expect(await labelsOf({ baggage: '__proto__=x,constructor=y' })).toEqual({ constructor: 'y' });
});

test('a label on the key decides the price; the same claimed by a client does not, and does not replace it', async () => {
  const cost = async (headers: Record<string, string>): Promise<string | null> =>
    (await kit.call('/tagged/ok', { headers })).headers.get('credits-cost');
  expect(await cost({})).toBe('4');
  expect(await cost({ baggage: 'team=sales' })).toBe('4');
  expect(await cost({ 'x-api-key': sales.text })).toBe('2');
  expect(await cost({ 'x-api-key': sales.text, baggage: 'team=ops' })).toBe('2');
  expect(await labelsOf({ 'x-api-key': sales.text, baggage: 'team=ops,run=7' }, '/tagged/ok?size=m')).toEqual({
    team: 'sales',
    run: '7',
    size: 'm',
  });
});

test('the parent call is stored, and a made-up one is not', async () => {
  const parent = (await kit.call('/plain/ok')).headers.get('credits-call') as string;
  const child = await kit.call('/plain/ok', { headers: { 'credits-parent': parent } });
  expect((await receiptOf(kit, child.headers.get('credits-call'))).parent).toBe(parent);
  const odd = await kit.call('/plain/ok', { headers: { 'credits-parent': '"; drop table calls' } });
  expect(odd.status).toBe(200);
  expect((await receiptOf(kit, odd.headers.get('credits-call'))).parent).toBeNull();
});

test('traceparent and baggage go on to the upstream; headers of ours do not', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await kit.call('/plain/ok', {
    headers: {
      traceparent,
      baggage: 'run=1',
      'credits-parent': 'abcdefgh',
      'credits-max': '5',
      'credits-context': 'main',
      'x-demo-call': 'traced',
    },
  });
  const headers = arrivals(kit, 'traced')[0]?.['headers'] as string[];
  expect(headers).toContain('traceparent');
  expect(headers.filter((name) => name.startsWith('credits-'))).toEqual([]);
});
