// Shown = enforced (decision 7): what the extension works out by itself from GET tags is what the gateway says of the same call.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { boolean, constant, constantFrom, dictionary, integer, nat, oneof, record, sample } from 'fast-check';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import type { Operation } from '@tollgate/shared/rate-card/card';
import { toCredits } from '@tollgate/shared/credits';
import { priceHere, splitInputs } from '../../extension/src/pricing/price-here.ts';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';

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
