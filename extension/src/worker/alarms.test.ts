import { beforeEach, expect, test, vi } from 'vitest';

const clock = vi.hoisted(() => ({
  alarm: undefined as { scheduledTime: number } | undefined,
  pairings: 1,
}));
vi.mock('wxt/browser', () => ({
  browser: {
    alarms: {
      get: () => Promise.resolve(clock.alarm),
      create: (_name: string, { delayInMinutes }: { delayInMinutes: number }) => {
        clock.alarm = { scheduledTime: Date.now() + delayInMinutes * 60_000 };
        return Promise.resolve();
      },
      clear: () => {
        clock.alarm = undefined;
        return Promise.resolve(true);
      },
    },
  },
}));
vi.mock('./pairings.ts', () => ({ pairings: () => Promise.resolve(Array.from({ length: clock.pairings })) }));
const { setAlarm } = await import('./alarms.ts');

beforeEach(() => {
  Object.assign(clock, { alarm: undefined, pairings: 1 });
});

test('it is set where something is paired, once, and taken away where nothing is', async () => {
  await setAlarm();
  const first = clock.alarm;
  expect(first).toBeDefined();
  await setAlarm();
  expect(clock.alarm).toBe(first);
  clock.pairings = 0;
  await setAlarm();
  expect(clock.alarm).toBeUndefined();
});

test('a clock that was set back by a day does not silence it for a day', async () => {
  clock.alarm = { scheduledTime: Date.now() + 86_400_000 };
  await setAlarm();
  expect(clock.alarm.scheduledTime).toBeLessThan(Date.now() + 60_000);
});
