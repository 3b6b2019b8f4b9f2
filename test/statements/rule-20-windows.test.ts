import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 20: a week starts on Monday, a month on its first day', () =>
  statement(`
                      grant g1 500                           ok
    2026-11-08T23:59  hold  c1 60 cap team:week:100          ok
                      hold  c2 60 cap team:week:100          refused  insufficient_credits  room 40  resets 2026-11-09T00:00
    2026-11-09T00:00  hold  c2 60 cap team:week:100          ok
    2026-11-30T23:59  hold  c3 60 cap team:month:100         ok
                      hold  c4 60 cap team:month:100         refused  insufficient_credits  room 40  resets 2026-12-01T00:00
    2026-12-01T00:00  hold  c4 60 cap team:month:100         ok       available 260
  `));

test('rule 20: a day is a day of the payer, and has 23 hours where the clock is put forward', () =>
  statement(`
                      grant g1 500                                                  ok
    2027-03-14T05:00  hold  c1 60 cap team:day:100 zone America/New_York            ok
                      hold  c2 60 cap team:day:100 zone America/New_York            refused  insufficient_credits  resets 2027-03-15T04:00
    2027-03-15T03:59  hold  c2 60 cap team:day:100 zone America/New_York            refused  insufficient_credits  room 40
    2027-03-15T04:00  hold  c2 60 cap team:day:100 zone America/New_York            ok
  `));

test('rule 20: a cycle is anchored, and the 31st clamps and comes back', () =>
  statement(`
    2027-01-31T00:00  allow ann/100 anchor 2026-01-31        ok   available@user:acme/ann 100
    2027-02-27T23:59  allow ann/100 anchor 2026-01-31        ok   grant none
    2027-02-28T00:00  allow ann/100 anchor 2026-01-31        ok   grant user:acme/ann@${Date.UTC(2027, 1, 28)}#0:100:2027-02-28T00:00:2027-03-31T00:00
    2027-03-30T23:59  allow ann/100 anchor 2026-01-31        ok   grant none
    2027-03-31T00:00  allow ann/100 anchor 2026-01-31        ok   grant user:acme/ann@${Date.UTC(2027, 2, 31)}#0:100:2027-03-31T00:00:2027-04-30T00:00
  `));

test('rule 20: a cycle begins at midnight of who pays, and a cap can count in it', () =>
  statement(`
    2026-11-30T22:59  hold  c1 60 from user:acme/ann due ann/100 zone Europe/Berlin cap team:cycle:70  ok
                      hold  c2 20 from user:acme/ann due ann/100 zone Europe/Berlin cap team:cycle:70  refused insufficient_credits  scope team/team-cycle  room 10  resets 2026-11-30T23:00
    2026-11-30T23:00  hold  c2 20 from user:acme/ann due ann/100 zone Europe/Berlin cap team:cycle:70  ok   available@user:acme/ann 80
  `));
