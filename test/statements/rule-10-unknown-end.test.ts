import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 10: a call whose end nobody saw is charged what was laid down at its hold', () =>
  statement(`
              grant g1 100                               ok
              hold  c1 40 lease 60s lapse 12             ok
              hold  c2 30 lease 60s                      ok       available 30
    09:00:59  lapse c1                                   refused  lease_alive
    09:01     lapse c1                                   ok       state lapsed  charge 12  available 58  held 30
              lapse c2                                   ok       state lapsed  charge 30  available 58  balance 58
              look                                       ok       used@09:00 2/42  entries@acme grant+100,charge-12,charge-30
  `));
