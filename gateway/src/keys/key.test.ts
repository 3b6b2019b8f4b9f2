import { expect, test } from 'vitest';
import { newKeyText, prefixOf } from './key.ts';

test('the prefix of a key is its scope and four characters, whatever these are', () => {
  expect(prefixOf(`tg_spend_${'_ZLw7'.padEnd(32, 'x')}`)).toBe('tg_spend__ZLw');
  expect(prefixOf(`tg_view_${'____'.padEnd(32, 'x')}`)).toBe('tg_view_____');
  const text = newKeyText('operate');
  expect(prefixOf(text)).toBe(text.slice(0, 'tg_operate_'.length + 4));
});
