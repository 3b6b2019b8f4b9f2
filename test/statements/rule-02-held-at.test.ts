import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 2: a charge counts in the window of its hold, also when it settles in the next one', () =>
  statement(`
           grant  g1 500                                 ok
    09:59  hold   c1 80 cap team:hour:100 lease 4h       ok       window@team-hour@09:00 0/80
    09:59  hold   c2 30 cap team:hour:100                refused  insufficient_credits  scope team/team-hour  room 20  resets 10:00
    10:00  hold   c2 30 cap team:hour:100                ok       window@team-hour@10:00 0/30
    10:05  settle c1 60                                  ok       window@team-hour@09:00 60/0  window@team-hour@10:00 0/30
    10:06  settle c2 30                                  ok       window@team-hour@10:00 30/0
           look                                          ok       used@09:00 1/60  used@10:00 1/30
  `));

test('rule 2: a lapse and a release leave the window of their hold too', () =>
  statement(`
           grant   g1 500                                ok
    09:59  hold    c1 80 cap team:hour:100 lapse 50      ok
    09:59  hold    c2 20 cap team:hour:100               ok       window@team-hour@09:00 0/100
    10:30  lapse   c1                                    ok       window@team-hour@09:00 50/20  used@09:00 1/50  used@10:00 0/0
    10:31  release c2                                    ok       window@team-hour@09:00 50/0
  `));

test('rule 2: the clock of the ledger does not run backwards, whatever the clock of the machine does', () =>
  statement(`
           grant  g1 100 until 10:15                     ok
    10:20  look                                          ok       available 0
    10:10  look                                          ok       available 0
           hold   c1 1                                   refused  insufficient_credits  room 0
  `));

test('rule 2: a layout of windows counts to its end, and a hold under one that has passed is laid out anew', () =>
  statement(`
                 grant g1 100                                                  ok
    09:59:59.999 hold  c1 10 cap team:hour:100 extra 0 lasts 10:00             ok
    10:00        hold  c2 10 cap team:hour:100 extra 0 lasts 10:00             refused terms_passed
                 hold  c2 10 cap team:hour:100 extra 0 lasts 11:00             ok       available 80
                 hold  c2 10 extra 0 lasts 09:00                               refused  call_repeated
  `));
