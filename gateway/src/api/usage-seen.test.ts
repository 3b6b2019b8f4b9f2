import { expect, test } from 'vitest';
import { couldSpend } from './usage-seen.ts';

const SINCE = 1_000;
const key = (id: string, more: object = {}) => ({ id, scope: 'spend' as const, revokedAt: null, expiresAt: null, ...more });

test("a user's charges are looked for with the keys that could have made them, however many browsers are paired", () => {
  const browsers = Array.from({ length: 500 }, (_, at) => key(`browser-${at}`, { scope: 'view' }));
  expect(couldSpend([...browsers, key('web')], SINCE)).toEqual(['web']);
});

test('a key that ended within the time counts, and one that ended before it does not', () => {
  const ended = [
    key('revoked', { revokedAt: SINCE }),
    key('revoked before', { revokedAt: SINCE - 1 }),
    key('expired', { expiresAt: SINCE }),
    key('expired before', { expiresAt: SINCE - 1 }),
    key('ends later', { revokedAt: SINCE + 1, expiresAt: SINCE + 2 }),
  ];
  expect(couldSpend(ended, SINCE)).toEqual(['revoked', 'expired', 'ends later']);
});
