import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 22: the same key and content is running, then done; other content is a mismatch', () =>
  statement(`
    grant  g1 100                                        ok
    hold   c1 40 claim k1/same                           ok       claim@k1 running
    hold   c2 40 claim k1/same                           refused  claim_running   callId c1
    hold   c2 40 claim k1/other                          refused  claim_mismatch  callId c1
    settle c1 25 answer hello                            ok       claim@k1 done  answer@k1 hello
    hold   c2 40 claim k1/same                           refused  claim_done      callId c1
    hold   c2 40 claim k1/other                          refused  claim_mismatch  callId c1
    look                                                 ok       balance 75  held 0
  `));

test('rule 22: a refusal, and a call that was released, do not burn the key', () =>
  statement(`
    grant   g1 100                                       ok
    hold    c1 140 claim k1/same                         refused  insufficient_credits  room 100  claim@k1 none
    hold    c1 40 claim k1/same                          ok       claim@k1 running
    release c1                                           ok       claim@k1 none
    hold    c2 40 claim k1/other                         ok       claim@k1 running
    settle  c2 40                                        ok       claim@k1 done  answer@k1 none
  `));

test('rule 22: a key is forgotten after its time, and the end of the first call leaves the new one alone', () =>
  statement(`
           grant   g1 100                                ok
           hold    c1 40 claim k1/same keep 1h lease 9h  ok
    10:01  hold    c2 40 claim k1/other keep 1h lease 9h ok       claim@k1 running
           release c1                                    ok       claim@k1 running
           hold    c3 20 claim k1/other                  refused  claim_running  callId c2
  `));

test('rule 22: a key whose call lapsed is done', () =>
  statement(`
           grant  g1 100                                 ok
           hold   c1 40 claim k1/same lease 60s          ok
    09:01  lapse  c1                                     ok       claim@k1 done  answer@k1 none
           hold   c2 40 claim k1/same                    refused  claim_done  callId c1
  `));

test('rule 22: an answer is kept with its own key alone, also where the key goes on to other calls in the same batch', () =>
  statement(`
           grant     g1 200                              ok
           hold      c1 40 claim k1/same keep 1h lease 9h ok
    10:00  settle    c1 25 answer first                  ok
           + hold    c2 40 claim k1/other                ok
           + release c2                                  ok       claim@k1 none  answer@k1 none
           hold      c3 40 claim k1/third                ok       claim@k1 running  answer@k1 none
    11:00  hold      c4 20 claim k2/same keep 1h lease 9h ok
    12:00  settle    c4 20 answer fourth                 ok
           + hold    c5 20 claim k2/other                ok
           + settle  c5 20 answer fifth                  ok       claim@k2 done  answer@k2 fifth
  `));
