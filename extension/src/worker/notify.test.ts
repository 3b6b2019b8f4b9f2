import { beforeEach, expect, test, vi } from 'vitest';
import type { Balance, Settings, Standing } from '../messages.ts';

const world = vi.hoisted(() => ({
  isGranted: true,
  isFull: false,
  kept: {} as Record<string, unknown>,
  told: [] as { title: string; message: string }[],
}));
vi.mock('wxt/browser', () => ({
  browser: {
    i18n: { getMessage: (name: string, given: string[]) => [name, ...given].join(' ') },
    permissions: { contains: () => Promise.resolve(world.isGranted) },
    runtime: { getURL: (path: string) => path },
    notifications: {
      create: (_: string, { title, message }: { title: string; message: string }) => {
        world.told.push({ title, message });
        return Promise.resolve('');
      },
    },
    storage: {
      local: {
        get: (name: string) => Promise.resolve(name in world.kept ? { [name]: world.kept[name] } : {}),
        set: (items: Record<string, unknown>) => {
          if (world.isFull) return Promise.reject(new Error('quota exceeded'));
          Object.assign(world.kept, items);
          return Promise.resolve();
        },
        remove: () => Promise.resolve(),
      },
    },
  },
}));

const { notifyOf } = await import('./notify.ts');
const { toldItem } = await import('./storage.ts');

const NOW = 1_000_000;
let number = 0;
let context = '';

beforeEach(async () => {
  context = `acme/lab-${(number += 1)}`;
  Object.assign(world, { isGranted: true, isFull: false, kept: {}, told: [] });
  await toldItem.erase();
});

const standing = (available: number, more: Partial<Standing> = {}): Standing =>
  ({
    pairing: { id: 'g k', context },
    balance: { available, sources: [{ granted: 100 }], cycle: { from: 'a', resetsAt: null } } as unknown as Balance,
    link: 'live',
    ...more,
  }) as Standing;
const settings = (more: Partial<Settings['notifications']> = {}): Settings =>
  ({ notifications: { on: true, percents: [20, 10, 0], snoozedUntil: null, ...more } }) as Settings;

test('a threshold is told once, with what is left and where', async () => {
  await notifyOf([standing(15)], settings(), NOW);
  await notifyOf([standing(14.5)], settings(), NOW);
  expect(world.told).toEqual([{ title: 'worker_notify_title 20', message: `worker_notify_left 15 ${context}` }]);
});

test('once means once, also in the next life of the worker, and for many at once', async () => {
  await Promise.all([notifyOf([standing(15)], settings(), NOW), notifyOf([standing(15)], settings(), NOW)]);
  vi.resetModules();
  const nextLife = await import('./notify.ts');
  await nextLife.notifyOf([standing(15)], settings(), NOW);
  expect(world.told).toHaveLength(1);
});

test.each<[string, Partial<Settings['notifications']>]>([
  ['off', { on: false }],
  ['snoozed', { snoozedUntil: NOW + 1 }],
])('%s: nothing is told, also not later', async (_, more) => {
  await notifyOf([standing(15)], settings(more), NOW);
  await notifyOf([standing(14)], settings(), NOW + 10);
  expect(world.told).toEqual([]);
  await notifyOf([standing(0)], settings({ snoozedUntil: NOW - 1 }), NOW);
  expect(world.told).toMatchObject([{ title: 'worker_notify_title_empty' }]);
});

test('what is old or unknown is never told as news', async () => {
  for (const link of ['stale', 'offline', 'refused'] as const) await notifyOf([standing(5, { link })], settings(), NOW);
  await notifyOf([standing(5, { balance: null })], settings(), NOW);
  expect(world.told).toEqual([]);
});

test('without the permission, and without room to remember it, nothing is told', async () => {
  world.isGranted = false;
  await notifyOf([standing(5)], settings(), NOW);
  world.isGranted = true;
  world.isFull = true;
  context = 'acme/full';
  await notifyOf([standing(5)], settings(), NOW);
  expect(world.told).toEqual([]);
});
