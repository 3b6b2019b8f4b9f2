import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 5: what comes back to a grant that has expired meanwhile expires too', () =>
  statement(`
           grant  g1 100 until 10:00                     ok
           hold   c1 40 lease 2h                         ok       available 60
    10:00  expire acme                                   ok       expired 60  balance 40  held 40  available 0
    10:30  settle c1 25                                  ok       charged g1:25  balance 0  held 0  available 0
           look                                          ok       entries@acme grant+100,expire-60,charge-25,expire-15
  `));

test('rule 5: so does what is released to a grant that was voided', () =>
  statement(`
    grant   g1 100                                       ok
    hold    c1 40                                        ok
    void    g1                                           ok       voided 60  available 0  held 40  balance 40
    void    g1                                           refused  grant_ended
    release c1                                           ok       available 0  held 0  balance 0
    look                                                 ok       entries@acme grant+100,void-60,expire-40
  `));

test('rule 5: an expiry is booked before anything else that is done on its account', () =>
  statement(`
           grant  g1 100 until 10:00                     ok
           grant  g2 30                                  ok
    09:59:59.999 look                                    ok       available 130
    10:00  look                                          ok       available 30  balance 130
           hold   c1 31                                  refused  insufficient_credits  room 30  balance 30
           hold   c1 30                                  ok       entries@acme grant+100,grant+30,expire-100
  `));

test('rule 5: a correction in favour of who pays is a new grant', () =>
  statement(`
    grant   g1 100                                       ok
    hold    c1 40                                        ok
    settle  c1 40                                        ok       balance 60
    correct k1 15                                        ok       balance 75  available 75
    correct k1 15                                        repeated balance 75
    correct k1 16                                        refused  correction_mismatch
    look                                                 ok       left@g1 60  entries@acme grant+100,charge-40,correct+15
  `));

test('rule 5: a correction against the payer takes only what is free', () =>
  statement(`
    grant   g1 100                                       ok
    hold    c1 80                                        ok
    correct k1 -21                                       refused  insufficient_credits  room 20
    correct k1 -20                                       ok       balance 80  available 0  held 80
    correct k2 0                                         refused  correction_invalid
  `));
