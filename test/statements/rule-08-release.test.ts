import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 8: a released hold costs nothing, counts nowhere and frees every scope', () =>
  statement(`
    grant   g1 100                                       ok
    hold    c1 40 cap team:hour:50                       ok       available 60
    hold    c2 20 cap team:hour:50                       refused  insufficient_credits  scope team/team-hour  room 10
    release c1                                           ok       state released  charge none  available 100  window@team-hour 0/0
    hold    c2 20 cap team:hour:50                       ok
    look                                                 ok       used@09:00 0/0  entries@acme grant+100
  `));
