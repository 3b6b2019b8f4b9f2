import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 19: available = granted - expired - voided - spent - held', () =>
  statement(`
           grant  g1 100 until 10:00                     ok       available 100  balance 100
           grant  g2 50                                  ok       available 150  balance 150
           grant  g3 20                                  ok       available 170  balance 170
           hold   c1 30 lease 9h                         ok       available 140  balance 170  held 30
           hold   c2 10                                  ok       available 130  balance 170  held 40
           settle c2 8                                   ok       available 132  balance 162  held 30
           void   g3                                     ok       available 112  balance 142  held 30
    10:00  look                                          ok       available 50   held 30
    10:00  expire acme                                   ok       available 50   balance 80   held 30  expired 62
           settle c1 30                                  ok       available 50   balance 50   held 0
  `));

test('rule 19: a grant is made once by its id', () =>
  statement(`
           grant  g1 100                                 ok
    09:30  grant  g1 100                                 repeated balance 100
           grant  g1 101                                 refused  grant_mismatch  balance 100
           grant  g1 100 to beta                         refused  grant_mismatch  balance@beta 0
           grant  g2 0                                   refused  grant_invalid
           grant  g2 -5                                  refused  grant_invalid
           grant  g2 5 until 08:00                       refused  grant_invalid
           grant  g2 5 from 11:00 until 10:30            refused  grant_invalid
           void   g9                                     refused  grant_unknown
  `));
