import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 21: entries are appended, corrections are entries of their own', () =>
  statement(`
           grant   g1 100 until 10:00                    ok
           hold    c1 30                                 ok       entries@acme grant+100
           settle  c1 30 absorbed 1                      ok
           correct k1 -5                                 ok
           correct k2 8                                  ok
    10:00  expire  acme                                  ok       expired 65  balance 8
           look                                          ok       entries@acme grant+100,charge-30,correct-5,correct+8,expire-65
           look                                          ok       entries@absorbed absorb+1
  `));
