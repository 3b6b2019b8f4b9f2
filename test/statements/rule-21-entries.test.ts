import { test } from 'vitest';
import { statement } from './statement.ts';

test('rule 21: entries are appended, corrections are entries of their own', () =>
  statement(`
           grant   g1 100 until 10:00                    ok
           hold    c1 30                                 ok       entries@acme grant+100
           settle  c1 30 absorbed 1                      ok
           correct k1 -5                                 ok
           correct k2 8                                  ok
    10:00  expire  acme                                  ok       expired 65  balance 8
           look                                          ok       entries@acme grant+100,charge-30,correct-5,correct+8,expire-65
           look                                          ok       entries@absorbed absorb+1
  `));

test('rule 21: a change of people and places is a version with its audit and its event, or nothing at all', () =>
  statement(`
    put key/k1 expects 0 lookup h tells e1                   ok       version@key/k1 1  audits 1  told e1
    put key/k1 expects 0                                     refused  record_changed  version 1  audits 1
    put key/k2 lookup h tells e2                             refused  lookup_taken  by k1  version@key/k2 0  audits 1  told e1
    put key/k1,key/k3 expects 1 tells e3                     refused  record_changed  id k3  version@key/k1 1  told e1
    put key/k1 expects 1 tells e1                            ok       version@key/k1 2  audits 2  told e1
    put key/k2 lookup h                                      ok       version@key/k2 1
    put key/k2 body gone                                     ok       version@key/k2 2
    put key/k2 expects 0                                     refused  record_changed  version 2
  `));
