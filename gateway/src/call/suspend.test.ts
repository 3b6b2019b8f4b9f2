import { expect, test } from 'vitest';
import { createSuspensions } from './suspend.ts';

test('what was suspended before there were several organizations is suspended for the first one’s workspace', () => {
  const suspensions = createSuspensions([{ operation: 'o', cardVersion: '1', workspace: 'main' }], 'acme');
  expect(suspensions.isSuspended('o', '1', 'acme/main')).toBe(true);
  expect(suspensions.isSuspended('o', '1', 'other/main')).toBe(false);
  expect(suspensions.list()).toEqual([{ operation: 'o', cardVersion: '1', workspaces: ['acme/main'], everyone: false }]);
  // A job that was started then may break its bound now.
  expect(suspensions.note('o', '1', 'main'), 'no news').toBe(false);
});
