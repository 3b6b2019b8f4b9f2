import { expect, test } from 'vitest';
import { outage, type Outage, type OutageResult } from './outage.ts';
import { fileLimit, lockedOut, readOnlyFiles, smallDisk } from './outages.ts';

function expectSurvived({ differences, refused, charged, recoveredMs }: OutageResult): void {
  expect(differences).toEqual([]);
  expect(refused).toBeGreaterThan(0);
  expect(charged).toBeGreaterThan(10);
  expect(recoveredMs).toBeLessThan(10_000);
}

test('another process that locks the store for a while', async () => {
  expectSurvived(await outage(lockedOut()));
});

test('a full disk', async () => {
  const disk = smallDisk();
  try {
    if (disk === undefined) console.log('no disk can be mounted here; the size of the files is limited instead');
    const made: Outage | undefined = disk ?? fileLimit();
    if (made !== undefined) expectSurvived(await outage(made));
  } finally {
    disk?.remove();
  }
});

test('files that can not be written any more', async () => {
  const made = readOnlyFiles();
  if (made === undefined) console.log('open files can not be made read-only here; nothing is tested');
  else expectSurvived(await outage(made));
});
