import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 1: a soft cap tells and a shadow cap notes what a hard one would refuse; all of them count', () =>
  statement(`
    grant g1 500                                             ok
    hold  c1 60 cap team:hour:100:soft cap k1:hour:100:shadow cap org:hour:200  ok  passed none
    hold  c2 60 cap team:hour:100:soft cap k1:hour:100:shadow cap org:hour:200  ok  passed team-hour/soft,k1-hour/shadow
    hold  c3 60 cap team:hour:100:soft cap k1:hour:500:shadow cap org:hour:130  refused insufficient_credits  scope org/org-hour  room 10
    hold  c4 80 cap team:hour:100:soft cap org:hour:200      ok   passed team-hour/soft  window@team-hour 0/200  window@org-hour 0/200
    look                                                     ok   window@k1-hour 0/120
  `));

test('rule 1: a key that may goes past hard caps, which is noted, and never past credits', () =>
  statement(`
    grant g1 100                                             ok
    hold  c1 60 cap team:hour:50 bypass yes                  ok   passed team-hour/bypass  window@team-hour 0/60
    hold  c2 10 cap team:hour:50:soft cap k1:hour:20 bypass yes  ok   passed team-hour/soft
    hold  c3 31 cap team:hour:50 bypass yes                  refused insufficient_credits  scope acme  room 30
    hold  c3 1 cap team:hour:50                              refused insufficient_credits  scope team/team-hour  room 0
  `));

test('rule 1: what only watches never binds and is nothing that a call goes past', () =>
  statement(`
    grant  g1 100                                            ok
    hold   c1 60 cap org:month:50:watch                      ok   passed none  window@org-month 0/60
    settle c1 60                                             ok   window@org-month 60/0  told grant:g1,alert:org-month@${Date.UTC(2026, 10, 1)}:100
  `));

test('rule 1: six caps of several scopes and windows are one decision', () =>
  statement(`
    grant  g1 500                                            ok
    hold   c1 50 cap k1:hour:100 cap ann:day:90 cap team:week:200 cap org:month:300 cap chat:cycle:80 cap op:lifetime:1000  ok
    hold   c2 50 cap k1:hour:100 cap ann:day:90 cap team:week:200 cap org:month:300 cap chat:cycle:80 cap op:lifetime:1000  refused insufficient_credits  scope chat/chat-cycle  room 30  resets 2026-12-01T00:00
    settle c1 20                                             ok
    hold   c2 60 cap k1:hour:100 cap ann:day:90 cap team:week:200 cap org:month:300 cap chat:cycle:80 cap op:lifetime:1000  ok
    look                                                     ok   window@k1-hour 20/60  window@op-lifetime 20/60  available 420
  `));

test('rule 1: accounts are named by who pays, and reset with the allowance or with what is to come', () =>
  statement(`
    hold  c1 10 from user:acme/ann due ann/5                 refused insufficient_credits  scope acme/ann/cycle  room 5  resets 2026-12-01T00:00
    hold  c1 10 from user:acme/ann,acme due ann/5            refused insufficient_credits  scope acme/cycle  room 5
    hold  c1 10 from user:acme/ann due ann/5 extra 4         refused insufficient_credits  scope acme/ann/extra  room 9  resets 2026-12-01T00:00
    hold  c1 10 from user:acme/ann due ann/5 extra 0         refused insufficient_credits  scope acme/ann/cycle  room 5
    grant g1 10 to user:acme/ann from 2026-11-20T08:00       ok
    hold  c1 10 from user:acme/ann due ann/5                 refused insufficient_credits  resets 2026-11-20T08:00
    hold  c1 10 from user:acme/ann                           refused insufficient_credits  scope acme/ann  room 5
  `));
