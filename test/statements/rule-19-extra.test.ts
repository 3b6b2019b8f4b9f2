import { expect, test } from 'vitest';
import { statement } from './statement.ts';

const NOVEMBER = Date.UTC(2026, 10, 1);

test('rule 19: extra credits are drawn last, up to their limit in the cycle, and named apart from what is available', () =>
  statement(`
                      grant  g1 100                          ok
                      hold   c1 120 extra 50                 ok   parts g1:100,extra:c1:20  available 0  available@extra:acme 0  window@extra:acme 0/20
                      hold   c2 31 extra 50                  refused insufficient_credits  scope acme/extra  room 30
                      hold   c2 30 extra 50                  ok   before 0  window@extra:acme 0/50
                      hold   c3 1 extra 50                   refused insufficient_credits  scope acme/extra  room 0
                      settle c1 115                          ok   charged g1:100,extra:c1:15  window@extra:acme 15/30  entries@extra:acme grant+20,grant+30,charge-15,void-5
                      release c2                             ok   window@extra:acme 15/0  balance@extra:acme 0
                      hold   c3 36 extra 50                  refused insufficient_credits  room 35
    2026-12-01T00:00  hold   c3 36 extra 50                  ok   window@extra:acme@2026-12-01T00:00 0/36
  `));

test('rule 19: by default nothing is extra, and a limit that was lowered takes nothing back', () =>
  statement(`
    hold   c1 1                                              refused insufficient_credits  room 0
    hold   c1 1 extra 0                                      refused insufficient_credits  room 0
    hold   c1 40 extra 50                                    ok
    hold   c2 1 extra 30                                     refused insufficient_credits  room 0
    settle c1 40                                             ok   window@extra:acme 40/0  balance@extra:acme 0
    hold   c2 10 extra 50                                    ok
  `));

test("rule 4: a call's extra credits pay only what its sources can not pay by then", () =>
  statement(`
    grant   g1 100                                           ok
    hold    big 90                                           ok
    hold    c1 50 extra 100                                  ok   parts g1:10,extra:c1:40
    release big                                              ok
    settle  c1 45                                            ok   charged g1:45  window@extra:acme 0/0  entries@extra:acme grant+40,void-40  available 55
  `));

test('rule 4: nobody else draws the extra credits of a call, and they can not be granted', () =>
  statement(`
    hold   c1 40 extra 100                                   ok   balance@extra:acme 40
    hold   c2 70 extra 100                                   refused insufficient_credits  room 60
    hold   c2 5 from extra:acme                              refused insufficient_credits  room 0
    correct k1 -1 to extra:acme                              refused correction_invalid
    grant  g1 5 to extra:acme                                refused grant_invalid
    lapse  c1                                                refused lease_alive
    09:01  lapse c1                                          ok   charged extra:c1:40  window@extra:acme 40/0
  `));

test('rule 5: extra credits that were voided meanwhile pay for their own call alone', () =>
  statement(
    `
    hold   c1 40 extra 100                                   ok
    void   extra:c1                                          ok   voided 0
    settle c1 30                                             ok   charged extra:c1:30  entries@extra:acme grant+40,void+0,charge-30,expire-10  balance@extra:acme 0
  `,
  ));

test('extra credits say what they cost, and are told by nothing but their call', async () => {
  const { rows } = await statement(`
    hold   c1 40 extra 50                                    ok   told none
    settle c1 40                                             ok   told alert:extra:acme@${NOVEMBER}:80
  `);
  expect(rows.grants.get('extra:c1')).toMatchObject({
    kind: 'top-up',
    by: 'k1',
    reason: 'extra credits',
    terms: { fee: { perCredit: '0.002', currency: 'USD' } },
  });
  expect(rows.calls.get('c1')).toMatchObject({ windows: [`extra:acme@${NOVEMBER}`], limits: [50_000_000] });
});
