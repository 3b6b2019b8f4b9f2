import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 4: the rest of a hold goes back to where it came from', () =>
  statement(`
    grant  g1 500                                        ok       available 500
    hold   c1 75                                         ok       available 425  held 75  balance 500  before 500
    settle c1 60                                         ok       available 440  held 0   balance 440  after 440
    look                                                 ok       entries@acme grant+500,charge-60  left@g1 440
  `));

test('rule 4: a large hold of a neighbour does not push a charge into credits that are drawn later', () =>
  statement(`
    grant   mine 100 to user:ann                         ok
    grant   paid 100                                     ok
    hold    big   90 from user:ann,acme                  ok       parts mine:90
    hold    small 50 from user:ann,acme                  ok       parts mine:10,paid:40
    release big                                          ok       available@user:ann 90
    settle  small 50 from user:ann,acme                  ok       charged mine:50  available@user:ann 50  available 100
  `));

test('rule 4: a grant that became effective after the hold does not pay for it', () =>
  statement(`
           grant  g1 50                                  ok
           hold   c1 40                                  ok
    09:05  grant  g0 500 priority -1                     ok
           settle c1 40                                  ok       charged g1:40  left@g0 500  left@g1 10
  `));

test('rule 4: a charge above the hold is refused and changes nothing', () =>
  statement(`
    grant  g1 500                                        ok
    hold   c1 75                                         ok
    settle c1 75.000001                                  refused  charge_above_hold  held 75  balance 500
    settle c1 75                                         ok       balance 425
    settle c1 75                                         repeated balance 425  entries@acme grant+500,charge-75
  `));
