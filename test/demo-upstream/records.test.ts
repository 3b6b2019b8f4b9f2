import { afterAll, expect, test } from 'vitest';
import { startDemoUpstream } from '../../gateway/src/demo-upstream/demo-upstream.ts';

const upstream = await startDemoUpstream({ seed: 7 });
afterAll(() => upstream.close());

async function call(
  path: string,
  body?: unknown,
  key = 'demo-records',
): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { api_key: key, 'content-type': 'application/json' };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${upstream.origin}/v1/${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('a batch is enriched, and says what was not found', async () => {
  const ids = Array.from({ length: 20 }, (_, at) => `b${at}`);
  const { body } = await call('businesses/enrich', { business_ids: [...ids, 'missing-one'] });
  const { data, not_found: notFound } = body as { data: { data: unknown }[]; not_found: string[] };
  expect(data).toHaveLength(21);
  expect(notFound).toContain('missing-one');
  expect(notFound.length).toBeGreaterThan(1);
  expect(body['total_found']).toBe(21 - notFound.length);
  const found = ids.find((id) => !notFound.includes(id));
  expect(await call(`businesses/${found}`)).toMatchObject({ status: 200, body: { data: { business_id: found } } });
  expect(await call('businesses/missing-one')).toMatchObject({ status: 404, body: { detail: 'Business missing-one not found' } });
});

test('prospects are matched, some of them not', async () => {
  const people = Array.from({ length: 30 }, (_, at) => ({ email: `p${at}@example.com` }));
  const { body } = await call('prospects/match', { prospects_to_match: people });
  expect(body['total_results']).toBe(30);
  expect(body['total_matches']).toBeGreaterThan(10);
  expect(body['total_matches']).toBeLessThan(30);
});

test('a search comes page by page, as many as were asked for, and what it found is there', async () => {
  const first = (await call('businesses', { page_size: 10, filters: { list: 'Prospects' } })).body as Page;
  expect(first.total_results).toBeGreaterThan(10);
  expect(first.data).toHaveLength(10);
  expect(first.total_pages).toBe(Math.ceil(first.total_results / 10));
  const last = (await call('businesses', { page_size: 10, page: first.total_pages, filters: { list: 'Prospects' } }))
    .body as Page;
  expect(last.data).toHaveLength(first.total_results - (first.total_pages - 1) * 10);
  const past = (await call('businesses', { page_size: 10, page: first.total_pages + 1, filters: { list: 'Prospects' } })).body;
  expect(past['data']).toEqual([]);
  for (const { business_id: id } of first.data) expect((await call(`businesses/${id}`)).status).toBe(200);
  expect(((await call('businesses', {})).body as Page).data.length).toBeLessThanOrEqual(25);
  for (const page of [{ page_size: 0 }, { page_size: 101 }, { page_size: '10' }, { page: 0 }, { page_size: 1.5 }])
    expect([page, (await call('businesses', page)).status]).toEqual([page, 422]);
});

interface Page extends Record<string, unknown> {
  data: { business_id: string }[];
  total_results: number;
  total_pages: number;
}

test('refusals', async () => {
  expect((await call('businesses/enrich', { business_ids: [] })).status).toBe(422);
  expect((await call('businesses/enrich', { business_ids: ['a'] }, 'tg_spend_abc')).status).toBe(401);
  expect((await call('businesses')).status).toBe(404);
});
