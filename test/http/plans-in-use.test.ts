// A card that leaves out what somebody has is not taken up: it names who has it, and the old one stays.
import { writeFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTown, type Town } from '../kit/town.ts';
import { until } from './books.ts';

const PLANS = `plans:
  team: { every: month, pool: 100, seats: { pro: { allowance: 40 }, max: { allowance: 90 } } }
  solo: { every: month, allowance: 10 }
`;

let town: Town;
beforeAll(async () => {
  town = await startTown(PLANS, '2026-11-10T09:00:00Z');
  await town.done('PATCH', 'organizations/acme', { plan: 'team' });
  await town.seat('ann', 'pro');
});
afterAll(() => town.kit.close());

/** Changes the card's text. */
function write(change: (text: string) => string): void {
  writeFileSync(town.kit.cardFile, change(readFileSync(town.kit.cardFile, 'utf8')));
}

const reload = () => town.kit.api('POST', 'card/reload');
const version = async (): Promise<string> => (await town.done('GET', 'card')).version;

test('a plan and a seat type in use stay: 409 with who uses them, and the old card prices on', async () => {
  const before = await version();
  write((text) => text.replace('pro: { allowance: 40 }, ', ''));
  const seat = await reload();
  expect([seat.status, seat.body.code, seat.body.usedBy]).toEqual([409, 'conflict', ['acme/seat-ann']]);
  expect(seat.body.message).toContain('the seat type "pro" of the plan "team" is not in the card and in use by acme/seat-ann');
  expect(await version()).toBe(before);
  write((text) => text.replace(/ {2}team: .*\n/, ''));
  const plan = await reload();
  expect([plan.status, plan.body.usedBy]).toEqual([409, ['acme', 'acme/seat-ann']]);
  expect((await town.spend('ann', 40)).status).toBe(200);
  expect(await version()).toBe(before);
});

test('the file is not taken up by itself either, and what is wrong is told with its line', async () => {
  const before = await version();
  const { problems } = await town.done('GET', 'card');
  expect(problems[0]).toMatchObject({ file: 'rates.yaml', message: expect.stringContaining('the plan "team"') as string });
  expect(problems[0].line).toBeGreaterThan(1);
  expect(await version()).toBe(before);
});

test('once nobody has it any more, it may go', async () => {
  await town.done('DELETE', 'seats/seat-ann');
  await town.done('PATCH', 'organizations/acme', { plan: null });
  // What was paid for runs to the end of the cycle.
  expect((await reload()).status).toBe(409);
  await town.kit.turnTo('2026-12-01T00:00:00Z');
  const later = await reload();
  expect([later.status, later.body.problems]).toEqual([200, []]);
  expect((await town.done('GET', 'plans')).plans.map(({ name }: { name: string }) => name)).toEqual(['solo']);
});

test('a plan may be changed under those who have it', async () => {
  await town.done('PATCH', 'organizations/acme', { plan: 'solo' });
  expect(await town.available('ann', 'individual')).toBe(10);
  write((text) => text.replace('solo: { every: month, allowance: 10 }', 'solo: { every: month, allowance: 25 }'));
  await until('the new card', async () => ((await town.available('ann', 'individual')) === 25 ? true : undefined));
});

test('cycles that run go on as they are until the plan is given again', async () => {
  write((text) => text.replace('solo: { every: month,', 'solo: { every: week,'));
  const { body } = await reload();
  expect(body.warnings).toMatchObject([{ message: expect.stringContaining('goes on by the month for acme') as string }]);
  const cycle = async (): Promise<string> => (await town.balance('ann')).cycle.every;
  expect(await cycle()).toBe('month');
  await town.done('PATCH', 'organizations/acme', { plan: 'solo' });
  await town.kit.turnTo('2027-01-01T00:00:00Z');
  expect(await cycle()).toBe('week');
  expect((await reload()).body.warnings).toEqual([]);
});
