import { test } from 'vitest';
import { statement } from './statement.ts';

const NOVEMBER = Date.UTC(2026, 10, 1);

test('rule 18: an allowance is given once in its cycle, from its start to its end, and again in the next one', () =>
  statement(`
                      allow  ann/8000                        ok   grant user:acme/ann@${NOVEMBER}#0:8000:2026-11-01T00:00:2026-12-01T00:00
                      allow  ann/8000                        ok   grant none  available@user:acme/ann 8000  given@user:acme/ann 8000
    10:00             hold   c1 500 from user:acme/ann due ann/8000   ok  available@user:acme/ann 7500
                      settle c1 500                          ok
    2026-11-30T23:59  hold   c2 8000 from user:acme/ann due ann/8000  refused insufficient_credits scope acme/ann/cycle room 7500 resets 2026-12-01T00:00
    2026-12-01T00:00  hold   c2 8000 from user:acme/ann due ann/8000  ok  available@user:acme/ann 0  given@user:acme/ann 8000
                      look                                   ok   entries@user:acme/ann grant+8000,charge-500,expire-7500,grant+8000
  `));

test('rule 18: who sits in better seats in one cycle is topped up to the best of them, once', () =>
  statement(`
    allow ann/8000/pro                                       ok   available@user:acme/ann 8000
    allow ann/40000/max                                      ok   available@user:acme/ann 40000  given@seat:acme/max 32000
    allow ann/8000/pro                                       ok   grant none
    allow ann/500/free                                       ok   grant none
    allow ann/40000/max                                      ok   grant none   available@user:acme/ann 40000
    look                                                     ok   given@seat:acme/pro 8000  given@seat:acme/free 0
  `));

test('rule 18: a seat gives what its type has in a cycle, whoever sits in it', () =>
  statement(`
    allow ann/8000/s1                                        ok   available@user:acme/ann 8000
    allow bob/8000/s1                                        ok   grant none  available@user:acme/bob 0
    allow bob/40000/s1                                       ok   available@user:acme/bob 32000  given@seat:acme/s1 40000
    allow ann/40000/s1                                       ok   grant none
    allow ann/8000/s2                                        ok   grant none  available@user:acme/ann 8000
    2026-12-01T00:00 allow bob/40000/s1                      ok   available@user:acme/bob 40000  given@seat:acme/s1 40000
  `));

test('rule 18: a lost or smaller seat revokes nothing before the cycle ends', () =>
  statement(`
                      allow ann/40000/s1                     ok   available@user:acme/ann 40000
    2026-11-20T08:00  allow ann/500/s1                       ok   grant none  available@user:acme/ann 40000
    2026-11-30T23:59  look                                   ok   available@user:acme/ann 40000
    2026-12-01T00:00  allow ann/500/s1                       ok   available@user:acme/ann 500
  `));

test('rule 18: a lifetime grant is once per identity, whichever account asks', () =>
  statement(`
    allow ann/500//ann@example.com                           ok   grant lifetime:ann@example.com:500:09:00:never
    allow ann/500//ann@example.com                           ok   grant none
    allow ann2/500//ann@example.com                          ok   grant none  available@user:acme/ann2 0
    2036-11-02T09:00 allow ann/500//ann@example.com          ok   grant none  available@user:acme/ann 500
    allow bob/500//bob@example.com                           ok   available@user:acme/bob 500
  `));

test('rule 18: a hold gives what is due before it decides, and it stays where the hold is refused', () =>
  statement(`
    hold c1 9000 from user:acme/ann due ann/8000/s1          refused insufficient_credits  room 8000  available@user:acme/ann 8000
    hold c1 8600 from user:acme/ann due ann/8000/s1 due ann/500//ann  refused insufficient_credits  room 8500
    hold c1 8500 from user:acme/ann,acme due ann/8000/s1 due ann/500//ann due pool/100 ok  available 100
    look                                                     ok   told cycle:user:acme/ann@${NOVEMBER},grant:lifetime:ann,cycle:pool:acme@${NOVEMBER}
  `));

test('rule 18: whoever comes at once gets it once', () =>
  statement(`
    allow   ann/8000/s1                                      ok   given@user:acme/ann 8000
    + allow ann/8000/s1                                      ok   grant none
    + allow bob/8000/s1                                      ok   grant none
    + hold  c1 1 from user:acme/ann due ann/8000/s1          ok   balance@user:acme/ann 8000
  `));

test('rule 18: a period that is running counts to its end, also where the cycle has another rule by then', () =>
  statement(`
                      allow ann/100 anchor 2026-10-20        ok   grant user:acme/ann@${Date.UTC(2026, 9, 20)}#0:100:2026-10-20T00:00:2026-11-20T00:00
    2026-11-15T00:00  allow ann/100 anchor 2026-11-15        ok   grant none
    2026-11-20T00:00  look                                   ok   available@user:acme/ann 0
                      allow ann/100 anchor 2026-11-15        ok   grant none
                      allow ann/500 anchor 2026-11-15        ok   grant none
    2026-12-15T00:00  allow ann/100 anchor 2026-11-15        ok   available@user:acme/ann 100
  `));

test('rule 18: a clock that jumps back brings no period back', () =>
  statement(`
    2026-11-30T23:59  allow ann/100                          ok   available@user:acme/ann 100
    2026-12-01T00:00  allow ann/100                          ok   available@user:acme/ann 100
    2026-11-30T23:59  allow ann/100                          ok   grant none  available@user:acme/ann 100
  `));

test('rule 18: what is not used rolls over where the plan says so, up to its most and until its end', () =>
  statement(`
                      allow ann/100 roll 30/1                ok   available@user:acme/ann 100
    2026-12-01T00:00  allow ann/100 roll 30/1                ok   available@user:acme/ann 130
                      look                                   ok   entries@user:acme/ann grant+100,expire-100,grant+30,grant+100
                      hold  c1 50 from user:acme/ann due ann/100  ok
                      settle c1 50                           ok   available@user:acme/ann 80
                      look                                   ok   live@user:acme/ann user:acme/ann@${Date.UTC(2026, 11, 1)}#0:80
    2027-01-01T00:00  allow ann/100 roll 30/1                ok   available@user:acme/ann 130
  `));

test('rule 18: what a hold gives back to an allowance that has ended rolls over with the rest', () =>
  statement(`
                      allow ann/100 roll 60                  ok
                      hold  c1 80 from user:acme/ann lease 9999h  ok
    2026-12-01T00:00  expire user:acme/ann                   ok   expired 20  available@user:acme/ann 20  held@user:acme/ann 80
                      settle c1 10                           ok   after 60  available@user:acme/ann 60  held@user:acme/ann 0
                      look                                   ok   entries@user:acme/ann grant+100,expire-20,grant+20,charge-10,expire-70,grant+40
  `));

test('rule 18: a voided allowance does not go on, and is not given again', () =>
  statement(`
                      allow ann/100 roll 60                  ok
                      void  user:acme/ann@${NOVEMBER}#0      ok   available@user:acme/ann 0
                      allow ann/100 roll 60                  ok   grant none
    2026-12-01T00:00  expire user:acme/ann                   ok   expired 0  available@user:acme/ann 0
  `));

test('rule 18: nobody else can make a grant under the id of an allowance', () =>
  statement(`
    grant lifetime:ann 5 to user:acme/ann                    refused grant_invalid
    grant user:acme/ann@${NOVEMBER}#0 5 to user:acme/ann     refused grant_invalid
    correct lifetime:ann 5 to user:acme/ann                  refused correction_invalid
    allow ann/500//ann                                       ok   available@user:acme/ann 500
  `));

test('rule 18: what comes back to a voided allowance does not go on either', () =>
  statement(`
    allow   ann/100 roll 60                                  ok
    hold    c1 40 from user:acme/ann                         ok
    void    user:acme/ann@${NOVEMBER}#0                      ok   voided 60
    release c1                                               ok   entries@user:acme/ann grant+100,void-60,expire-40  available@user:acme/ann 0
  `));

test('rule 18: what a call still holds of credits that rolled over and have ended does not keep others from rolling over', () =>
  statement(`
                      allow  ann/100 roll 30/1               ok
    2026-12-01T00:00  allow  ann/100 roll 30/1               ok   available@user:acme/ann 130
                      hold   c1 30 from user:acme/ann lease 9999h  ok   available@user:acme/ann 100
    2027-01-01T00:00  allow  ann/100 roll 30/1               ok   available@user:acme/ann 130  held@user:acme/ann 30
                      release c1                             ok   available@user:acme/ann 130  held@user:acme/ann 0
  `));
