import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 7: zero is a charge of zero, not a release: the call counts and ended settled', () =>
  statement(`
    grant  g1 100                                        ok
    hold   c1 40                                         ok       available 60
    settle c1 0 free 3                                   ok       state settled  charge 0  charged none  available 100  held 0
    release c1                                           refused  call_ended  state settled
    look                                                 ok       used@09:00 1/0
  `));
