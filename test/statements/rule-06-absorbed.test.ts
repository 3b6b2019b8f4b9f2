import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 6: past the hold the operator pays, never the customer', () =>
  statement(`
    grant  g1 100                                        ok
    hold   c1 40                                         ok
    settle c1 40 absorbed 12.5                           ok       balance 60  available 60  absorbed 12.5  balance@absorbed 12.5
    hold   c2 10                                         ok
    settle c2 10 absorbed 0.5                            ok       balance 50  balance@absorbed 13
    look                                                 ok       entries@acme grant+100,charge-40,charge-10
    look                                                 ok       entries@absorbed absorb+12.5,absorb+0.5
  `));
