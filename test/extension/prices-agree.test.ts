// Shown = enforced (decision 7): what the extension works out by itself from GET tags is what the gateway says of the same call.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { boolean, constant, constantFrom, dictionary, integer, nat, oneof, record, sample } from 'fast-check';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import type { Operation } from '@tollgate/shared/rate-card/card';
import { toCredits } from '@tollgate/shared/credits';
import { priceHere, splitInputs } from '../../extension/src/pricing/price-here.ts';
import { inMicrocredits, whoPays } from '../../extension/src/pricing/who-pays.ts';
import { startGateway, type ApiAnswer, type GatewayKit } from '../kit/gateway.ts';

let gateway: GatewayKit;
let operations: ReadonlyMap<string, Operation>;

beforeAll(async () => {
  gateway = await startGateway({ pages: true, credits: 1_000_000 });
  const { body } = await gateway.api('GET', 'tags', undefined, gateway.spendKey);
  const loaded = loadRateCard(body.card, { file: 'demo', version: '1' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  operations = new Map(loaded.card.services.flatMap((service) => service.operations).map((one) => [one.id, one]));
});
afterAll(() => gateway.close());

const value = oneof(
  constantFrom('medium', 'large', 'gpt-4o', 'gpt-4o-mini', '1', '25', 'x', ''),
  integer({ min: -2, max: 3_000 }),
  constantFrom(null, true, 0.5),
);

/** Calls of every operation of the demo, with its own fields, bare names, and some that it does not have. */
const call = boolean().chain((isOdd) =>
  nat().chain((at) => {
    const all = [...operations.values()];
    const operation = all[at % all.length];
    const own = (operation?.pricing.fields ?? []).map(({ field }) => field.name).filter((name) => !name.startsWith('label.'));
    const sizes = (operation?.pricing.sizes ?? []).map(({ name }) => name);
    const bare = [...own, ...sizes].map((name) => name.slice(name.lastIndexOf('.') + 1));
    const names = [...own, ...sizes, ...bare, ...(isOdd ? ['nothing', 'query.zzz'] : [])];
    const inputs = names.length === 0 ? constant({}) : dictionary(constantFrom(...names), value, { maxKeys: 4 });
    return record({ operation: constant(operation?.id ?? ''), inputs });
  }),
);

test('for many calls of the demo: the same price, or the same reason why there is none', async () => {
  const calls = sample(call, { numRuns: 600, seed: 20_261_120 });
  const told: { quote?: number; exact?: boolean; refusal?: { message: string } }[] = [];
  for (let at = 0; at < calls.length; at += 200) {
    const { status, body } = await gateway.api('POST', 'estimates', { calls: calls.slice(at, at + 200) }, gateway.spendKey);
    expect(status).toBe(200);
    told.push(...body.estimates);
  }
  const seen = { exact: 0, gateway: 0, none: 0 };
  for (const [index, { operation: id, inputs }] of calls.entries()) {
    const operation = operations.get(id);
    const answer = told[index];
    if (operation === undefined || answer === undefined) throw new Error(`no ${id}`);
    const here = priceHere(operation, splitInputs(inputs), null);
    seen[here.is] += 1;
    const said = JSON.stringify({ id, inputs });
    if (here.is === 'none') {
      expect(answer.quote, said).toBeUndefined();
      expect(answer.refusal?.message, said).toContain(here.problem);
    } else {
      expect(answer.exact, said).toBe(here.is === 'exact');
      if (here.is === 'exact') expect(answer.quote, said).toBe(toCredits(here.amount));
    }
  }
  // Each way was gone often enough to mean something.
  expect(
    Object.values(seen).every((count) => count > 30),
    JSON.stringify(seen),
  ).toBe(true);
});

test('who pays, where the balance alone tells it: what the gateway would hold, of the same sources', async () => {
  const done = async (path: string, body: object): Promise<ApiAnswer> => {
    const answer = await gateway.api('POST', path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  };
  await done('organizations', { id: 'acme', plan: 'team', extraLimit: 50 });
  await done('users?organization=acme', { id: 'ann', name: 'Ann', workspace: 'main' });
  await done('seats?organization=acme', { id: 's', type: 'pro', user: 'ann' });
  await done('caps?organization=acme', {
    id: 'c',
    scope: { kind: 'user', id: 'ann' },
    window: 'day',
    limit: 9_000,
    mode: 'hard',
  });
  const { text: key } = (await done('keys?organization=acme', { id: 'anns', scope: 'spend', user: 'ann' })).body;
  const ids = [1, 500, 3_999, 4_000, 4_001, 4_499, 4_500, 4_501, 5_000, 5_010, 6_000];
  const { body: balance } = await gateway.api('GET', 'balance', undefined, key);
  const calls = ids.map((count) => ({ operation: 'businesses.enrich', inputs: { business_ids: count } }));
  const { body: told } = await gateway.api('POST', 'estimates', { calls }, key);
  const known = ids.map((count) => whoPays(balance, inMicrocredits(2 * count)));
  // Own credits, own and the pool's, and none past the cap, which the gateway has to say.
  expect(known.map((pays) => pays?.map(({ kind }) => kind).join(' and '))).toEqual([
    ...Array.from({ length: 4 }, () => 'individual'),
    ...Array.from({ length: 3 }, () => 'individual and pool'),
    ...Array.from({ length: 4 }, () => undefined),
  ]);
  for (const [index, pays] of known.entries()) {
    const said = told.estimates[index];
    if (pays === undefined) expect(said.would, String(ids[index])).toBe('refuse');
    else expect(pays.map(({ kind, amount }) => ({ kind, credits: toCredits(amount) }))).toEqual(said.pays);
  }
});
