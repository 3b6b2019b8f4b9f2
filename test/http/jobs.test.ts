// Rule 17: a call starts work whose cost a later call tells. The hold stays open under the job's id; the report settles it, once.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { balanceOf, endedAt, receiptOf, until } from './books.ts';
import { KIT_CARD, cardWith, SHORT } from './card.ts';
import { startGateway } from '../kit/gateway.ts';

const dune = KIT_CARD.slice(KIT_CARD.indexOf('  dune:'), KIT_CARD.indexOf('      - id: results.export'));
const kit = await startGateway({
  credits: 10_000,
  settings: SHORT,
  card: cardWith(
    dune
      .replace('  dune:\n    path: /dune', '  hasty:\n    path: /hasty')
      .replaceAll('id: query.', 'id: hasty.')
      .replace('deadline: 40m', 'deadline: 2s')
      .replace('        owns: path.id\n', ''),
  ),
});
afterAll(() => kit.close());

interface Started {
  job: string;
  callId: string;
}

async function execute(service: string, query: number, fault = 'executes=1', body: object = {}): Promise<Started> {
  const answer = await kit.call(`/${service}/api/v1/query/${query}/execute`, {
    method: 'POST',
    headers: { 'x-demo-fault': fault },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  // What it costs is not known yet, and so not told.
  expect(answer.headers.get('credits-cost')).toBeNull();
  const { execution_id: job } = (await answer.json()) as { execution_id: string };
  return { job, callId: answer.headers.get('credits-call') as string };
}

const status = (service: string, job: string, headers: Record<string, string> = {}): Promise<Response> =>
  kit.call(`/${service}/api/v1/execution/${job}/status`, { headers });

const stateOf = async (callId: string): Promise<Record<string, unknown>> => (await kit.api('GET', `calls/${callId}`)).body;

test('execute holds, status reports, the job settles with its compute seconds', async () => {
  const { job, callId } = await execute('dune', 21, 'executes=350', { performance: 'large' });
  expect(await stateOf(callId)).toMatchObject({ state: 'open', hold: 38, charge: null, job, labels: { query_id: '21' } });
  const early = await status('dune', job);
  expect(((await early.json()) as { is_execution_finished: boolean }).is_execution_finished).toBe(false);
  expect(await stateOf(callId)).toMatchObject({ state: 'open' });
  const done = await until('the end of the query', async () => {
    const answer = await status('dune', job, { 'x-demo-call': 'done' });
    return ((await answer.clone().json()) as { is_execution_finished: boolean }).is_execution_finished ? answer : undefined;
  });
  expect(done.headers.get('credits-cost')).toBe('0');
  const receipt = await receiptOf(kit, callId);
  const { execution_time_millis: ms } = (await done.json()) as { execution_time_millis: number };
  expect(ms).toBe(350);
  expect(receipt).toMatchObject({
    state: 'settled',
    charge: 20 + ms / 100_000,
    quantities: { compute_seconds: ms / 1_000 },
    reportedBy: done.headers.get('credits-call'),
  });
});

test('ten reports at once settle it once', async () => {
  const { job, callId } = await execute('dune', 22);
  await sleep(120);
  const { available } = await balanceOf(kit);
  const answers = await Promise.all(Array.from({ length: 10 }, () => status('dune', job)));
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
  const receipt = await receiptOf(kit, callId);
  expect(receipt).toMatchObject({ state: 'settled', hold: 28, charge: 10.00001 });
  expect((await balanceOf(kit)).available).toBeCloseTo(available + 28 - 10.00001, 6);
});

test('a query that failed reports too', async () => {
  const { job, callId } = await execute('dune', 23, 'executes=1,fail');
  await sleep(120);
  await status('dune', job);
  expect(await receiptOf(kit, callId)).toMatchObject({ state: 'settled', charge: 10.00001 });
});

test.each(['negative', 'text', 'nan'])('a report that is %s: the seconds at their bound, flagged', async (lie) => {
  const { job, callId } = await execute('dune', 24);
  await sleep(120);
  await status('dune', job, { 'x-demo-fault': `usage=${lie}` });
  const receipt = await receiptOf(kit, callId);
  expect(receipt).toMatchObject({ state: 'settled', charge: 28 });
  // A bare NaN is no JSON: what stands there was not told at all.
  expect(receipt.flags).toContain(lie === 'nan' ? 'quantity_missing' : 'quantity_invalid');
});

test('an execute that is refused is no job', async () => {
  const answer = await kit.call('/dune/api/v1/query/x/execute', { method: 'POST', body: '{}' });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('credits-cost')).toBe('0');
  expect(await receiptOf(kit, answer.headers.get('credits-call'))).toMatchObject({ state: 'released', job: null });
});

test('an execute that broke off is charged as unknown: its id was never learnt', async () => {
  const answer = await kit.call('/dune/api/v1/query/9/execute', {
    method: 'POST',
    body: '{}',
    headers: { 'x-demo-fault': 'reset' },
  });
  expect(answer.status).toBe(502);
  expect(await receiptOf(kit, answer.headers.get('credits-call'))).toMatchObject({ state: 'settled', charge: 28 });
});

test('where the card forgot to say `owns`, a report of another workspace still settles nothing', async () => {
  const stranger = await kit.makeKey({ scope: 'spend', workspace: 'strangers' });
  const { job, callId } = await execute('hasty', 25);
  await sleep(120);
  const theirs = await status('hasty', job, { 'x-dune-api-key': stranger.text, authorization: `Bearer ${stranger.text}` });
  expect(theirs.status).toBe(200);
  expect(await stateOf(callId)).toMatchObject({ state: 'open' });
  const { execution_time_millis: ms } = (await (await status('hasty', job)).json()) as { execution_time_millis: number };
  expect(await receiptOf(kit, callId)).toMatchObject({ state: 'settled', charge: 10 + ms / 100_000 });
});

test('what is never reported lapses at its deadline, at its bound; a report that comes later changes nothing', async () => {
  const { job, callId } = await execute('hasty', 26);
  const receipt = await until('the lapse', async () => {
    const now = await stateOf(callId);
    return now['state'] === 'open' ? undefined : now;
  });
  expect(receipt).toMatchObject({ state: 'lapsed', charge: 28 });
  expect(Date.parse(receipt['endedAt'] as string) - Date.parse(receipt['heldAt'] as string)).toBeGreaterThanOrEqual(2_000);
  await status('hasty', job, { 'x-demo-call': 'too-late' });
  await endedAt(kit, 'too-late');
  expect(await stateOf(callId)).toMatchObject({ state: 'lapsed', charge: 28 });
});

test('a job outlives its gateway: the next process settles it', async () => {
  const { job, callId } = await execute('dune', 27);
  await kit.end('SIGKILL');
  await kit.start();
  expect(await stateOf(callId)).toMatchObject({ state: 'open', job });
  expect((await status('dune', job)).status).toBe(200);
  expect(await receiptOf(kit, callId)).toMatchObject({ state: 'settled', charge: 10.00001 });
});
