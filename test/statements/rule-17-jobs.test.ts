import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 17: a hold parked under a job stays open until its deadline, and any process may settle it', () =>
  statement(`
           grant  g1 100                                 ok
           hold   c1 40 by gateway-1 lease 60s           ok
           renew  c1 by gateway-1 lease 40m job x-1      ok       renewed c1
    09:39  lapse  c1                                     refused  lease_alive
           settle c1 7 by gateway-2                      ok       charge 7  available 93  held 0
  `));

test('rule 17: at the deadline a job that nobody reported is charged at its bound', () =>
  statement(`
           grant  g1 100                                 ok
           hold   c1 40 lease 60s                        ok
           renew  c1 lease 40m job x-1                   ok
    09:40  lapse  c1                                     ok       charge 40  available 60
           settle c1 7                                   refused  call_ended  state lapsed  late c1:7
  `));

test('rule 17: once the answer that started a job is known, so is what its deadline costs', () =>
  statement(`
           grant  g1 100                                 ok
           hold   c1 40 lease 60s                        ok
           renew  c1 lease 40m job x-1 lapse 33          ok
    09:40  lapse  c1                                     ok       charge 33  available 67
  `));

test('rule 17: keeping the leases of a process alive does not move the deadline of its jobs', () =>
  statement(`
           grant  g1 100                                 ok
           hold   c1 40 lease 60s                        ok
           renew  c1 lease 40m job x-1                   ok
    09:39  renew  c1 lease 60m                           ok       renewed c1
    09:40  lapse  c1                                     ok       charge 40
  `));

test('rule 17: a job can not be given a deadline that would charge more than its hold', () =>
  statement(`
           grant  g1 100                                 ok
           hold   c1 40 lease 60s                        ok
           renew  c1 lease 40m job x-1 lapse 41          refused  bug  state@c1 open
    09:01  lapse  c1                                     ok       charge 40
  `));
