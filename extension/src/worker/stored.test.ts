import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const disk = vi.hoisted(() => ({ items: {} as Record<string, unknown>, full: false, reads: 0 }));
vi.mock('wxt/browser', () => {
  const area = {
    get: (name: string) => {
      disk.reads += 1;
      return Promise.resolve(name in disk.items ? { [name]: structuredClone(disk.items[name]) } : {});
    },
    set: (items: Record<string, unknown>) => {
      if (disk.full) return Promise.reject(new Error('Resource::kQuotaBytes quota exceeded'));
      Object.assign(disk.items, structuredClone(items));
      return Promise.resolve();
    },
    remove: (name: string) => {
      delete disk.items[name];
      return Promise.resolve();
    },
  };
  return { browser: { storage: { local: area, session: area } } };
});

const { stored, StorageFull } = await import('./stored.ts');
type Options = Parameters<typeof stored<number>>[0];

const item = (more: Partial<Options> = {}): ReturnType<typeof stored<number>> =>
  stored<number>({
    name: 'count',
    area: 'local',
    version: 2,
    fallback: 0,
    check: (value) => (typeof value === 'number' ? value : undefined),
    ...more,
  });

beforeEach(() => {
  disk.items = {};
});
afterEach(() => {
  disk.full = false;
});

test('what is changed is kept with its version, and read once', async () => {
  const count = item();
  expect(await count.get()).toBe(0);
  await count.change((now) => now + 1);
  expect(disk.items).toEqual({ count: { version: 2, is: 1 } });
  const before = disk.reads;
  expect([await count.get(), await item().get()]).toEqual([1, 1]);
  expect(disk.reads).toBe(before + 1);
});

test('changes come one after the other, each on what the one before left', async () => {
  const count = item();
  await Promise.all(Array.from({ length: 50 }, () => count.change((now) => now + 1)));
  expect(await count.get()).toBe(50);
});

test('a change that throws changes nothing, and the next one goes on', async () => {
  const count = item();
  await expect(
    count.change(() => {
      throw new Error('a bug');
    }),
  ).rejects.toThrow('a bug');
  expect(await count.change(() => 4)).toBe(4);
});

test('an older version is migrated', async () => {
  disk.items['count'] = { version: 1, is: '7' };
  expect(await item({ migrate: (value, version) => (version === 1 ? Number(value) : undefined) }).get()).toBe(7);
});

test.each([
  ['a newer version', { version: 3, is: 7 }],
  ['an older one that cannot be migrated', { version: 1, is: 7 }],
  ['another shape', { version: 2, is: 'seven' }],
  ['no version', 7],
  ['nothing', null],
])('%s is set aside, and it begins anew', async (_, raw) => {
  disk.items['count'] = raw;
  const count = item();
  expect(await count.get()).toBe(0);
  expect(disk.items).toEqual({ 'aside.count': raw });
  await count.change(() => 5);
  expect(disk.items).toEqual({ 'aside.count': raw, count: { version: 2, is: 5 } });
});

test('without room a change is refused, and the old value stays', async () => {
  const count = item();
  await count.change(() => 3);
  disk.full = true;
  await expect(count.change(() => 4)).rejects.toBeInstanceOf(StorageFull);
  expect(await count.get()).toBe(3);
  expect(disk.items).toEqual({ count: { version: 2, is: 3 } });
  disk.full = false;
  expect(await count.change((now) => now + 1)).toBe(4);
});

test('without room what cannot be read stays where it is, and nothing is written over it', async () => {
  disk.items['count'] = { version: 3, is: 7 };
  disk.full = true;
  const count = item();
  expect(await count.get()).toBe(0);
  await expect(count.change(() => 1)).rejects.toBeInstanceOf(StorageFull);
  expect(disk.items).toEqual({ count: { version: 3, is: 7 } });
  disk.full = false;
  expect(await count.change(() => 1)).toBe(1);
  expect(disk.items).toMatchObject({ 'aside.count': { version: 3, is: 7 } });
});

test('an item of the session goes on in memory without room', async () => {
  const count = item({ area: 'session' });
  disk.full = true;
  expect(await count.change(() => 9)).toBe(9);
  expect(await count.get()).toBe(9);
});

test('what is erased while it is being changed is gone, from the disk and from memory', async () => {
  const count = item();
  await count.change(() => 3);
  const changing = count.change(() => 4);
  disk.items = {};
  await Promise.all([changing, count.erase()]);
  expect(disk.items).toEqual({});
  expect(await count.get()).toBe(0);
  expect(await count.change((now) => now + 1)).toBe(1);
});
