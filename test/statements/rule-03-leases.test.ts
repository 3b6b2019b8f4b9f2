import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 3: a hold lives as long as its process renews it', () =>
  statement(`
              grant  g1 100                              ok
    09:00     hold   c1 40 lease 60s                     ok       available 60
    09:00:50  renew  c1 lease 60s                        ok       renewed c1  gone none
    09:01:49  lapse  c1                                  refused  lease_alive
    09:01:50  lapse  c1                                  ok       state lapsed  charged g1:40  available 60  held 0  balance 60
              lapse  c1                                  repeated balance 60
              renew  c1                                  ok       renewed none  gone c1
  `));

test('rule 3: a settle that comes after the lapse is refused and kept for reconciling', () =>
  statement(`
           grant  g1 100                                 ok
           hold   c1 40 lease 60s lapse 25               ok
    09:01  lapse  c1                                     ok       balance 75
           settle c1 30                                  refused  call_ended  state lapsed  balance 75  late c1:30
           release c1                                    refused  call_ended  state lapsed  late c1:30
  `));

test('rule 3: a settle that comes before any sweep counts, though the lease has passed', () =>
  statement(`
           grant  g1 100                                 ok
           hold   c1 40 lease 60s                        ok
    09:30  settle c1 30                                  ok       balance 70  late none
           lapse  c1                                     refused  call_ended  state settled
  `));

test('rule 3: only what opened a hold ends it or keeps it alive', () =>
  statement(`
              grant   g1 100                             ok
              hold    c1 40 by gateway-1 lease 60s       ok
              settle  c1 10 by gateway-2                 refused  not_owner
              release c1 by gateway-2                    refused  not_owner
    09:00:30  renew   c1 by gateway-2 lease 60s          ok       renewed none  gone c1
              look                                       ok       held 40  balance 100
    09:01     lapse   c1                                 ok       balance 60
  `));

test('rule 3: a hold ends once, and its id is used once', () =>
  statement(`
    grant   g1 100                                       ok
    hold    c1 40                                        ok
    hold    c1 40                                        refused  call_repeated  callId c1
    release c1                                           ok       available 100
    release c1                                           repeated available 100
    settle  c1 10                                        refused  call_ended  state released  balance 100
    hold    c1 40                                        refused  call_repeated
    settle  c2 10                                        refused  call_unknown
    release c2                                           refused  call_unknown
    lapse   c2                                           refused  call_unknown
  `));
