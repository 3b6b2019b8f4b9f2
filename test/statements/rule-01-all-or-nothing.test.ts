import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 1: a hold takes from accounts in draw order and from grants in burn order, and remembers both', () =>
  statement(`
    grant g-late   100 until 23:00                       ok
    grant g-soon    50 until 12:00                       ok
    grant g-never  100                                   ok
    grant g-first   20 priority -1                       ok
    grant g-ann     30 to user:ann                       ok
    hold  c1 100 from user:ann,acme                      ok   parts g-ann:30,g-first:20,g-soon:50       available 200  available@user:ann 0
    hold  c2 150 from user:ann,acme                      ok   parts g-late:100,g-never:50               available 50
  `));

test('rule 1: among equals the grant that became effective earlier burns first, then the lower id', () =>
  statement(`
    grant g-b 10 from 08:00                              ok
    grant g-c 10 from 07:00                              ok
    grant g-a 10 from 08:00                              ok
    hold  c1 25                                          ok   parts g-c:10,g-a:10,g-b:5
  `));

test('rule 1: what does not fit takes nothing from anywhere, and the scope that leaves least is named', () =>
  statement(`
    grant g1 500                                         ok
    hold  c1 75 cap team:hour:100 cap k1:lifetime:90     ok       available 425
    hold  c2 30 cap team:hour:100 cap k1:lifetime:90     refused  insufficient_credits  scope k1/k1-lifetime  room 15  resets never
    hold  c3 30 cap team:hour:100                        refused  insufficient_credits  scope team/team-hour  room 25  resets 10:00
    hold  c4 430 cap team:hour:5000                      refused  insufficient_credits  scope acme  room 425  resets never
    look                                                 ok       available 425  held 75  window@team-hour 0/75  window@k1-lifetime 0/75
    hold  c2 15 cap team:hour:100 cap k1:lifetime:90     ok       available 410  window@team-hour 0/90
  `));

test('rule 1: twenty calls of 75 against 500 admit six', () =>
  statement(`
    grant g1 500                                         ok
    ${Array.from({ length: 20 }, (_, n) => `hold c${n} 75   ${n < 6 ? 'ok' : 'refused insufficient_credits room 50'}`).join('\n    ')}
    look                                                 ok       available 50  held 450  balance 500
  `));

test('rule 1: a call that can not cost anything always fits', () =>
  statement(`
    hold  c1 0 cap team:hour:0                           ok       available 0
    settle c1 0                                          ok       held 0  balance 0
  `));

test('rule 1: a grant that is not effective yet pays nothing, and its day is when the refusal resets', () =>
  statement(`
    grant g1 100 from 11:00                              ok       balance 100  available 0
    hold  c1 1                                           refused  insufficient_credits  scope acme  room 0  resets 11:00
    10:59:59.999 hold  c1 1                              refused  insufficient_credits  resets 11:00
    11:00 hold  c1 1                                     ok       available 99
  `));

test('rule 1: holds that come at once see each other, and a bug of a caller fails alone', () =>
  statement(`
    grant   g1 100                                       ok
    hold    c1 60 cap team:hour:70                       ok       before 100
    + hold  c2 40 lapse 41                               refused  bug
    + hold  c3 60                                        refused  insufficient_credits  scope acme  room 40
    + hold  c4 15 cap team:hour:70                       refused  insufficient_credits  scope team/team-hour  room 10
    + hold  c5 40                                        ok       before 40
    look                                                 ok       available 0  held 100  state@c2 none
  `));
