import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 11: the hold stays when its settle is lost, and the settle that is tried again counts once', () =>
  statement(`
    grant  g1 100                                        ok
    hold   c1 40                                         ok
    disk   fails                                         ok
    settle c1 25                                         refused  ledger_unavailable
    hold   c2 10                                         refused  ledger_unavailable
    disk   works                                         ok       held 40  balance 100  state@c1 open  state@c2 none
    settle c1 25                                         ok       held 0   balance 75
  `));

test('rule 11: a settle that was written though nobody heard of it is not charged again', () =>
  statement(`
    grant  g1 100                                        ok
    hold   c1 40                                         ok
    disk   unheard                                       ok
    settle c1 25                                         refused  ledger_unavailable
    disk   works                                         ok
    settle c1 25                                         repeated held 0  balance 75  entries@acme grant+100,charge-25
  `));
