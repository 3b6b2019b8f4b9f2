-- Rows as schema 1 kept them, written by the version that had it: a key with a cap, calls in every state, a claim, and ids that two
-- workspaces own. They are read by migrate.test.ts and never written again.

INSERT INTO accounts (id, balance, held, entries, chain, last) VALUES
  ('pool:acme', 1000030, 80, 6, 'sSJqgkzJHuJOTue4LYPuDPVV29aS-b03LV3LXOveV1E', 6);

INSERT INTO answers (claim, status, headers, body) VALUES
  ('main/query.execute/abc', 200, '[["content-type","application/json"]]', 'e30=');

INSERT INTO calls (seq, id, held_at, hold, owner, claim, claim_until, workspace, key, service, operation, reason, card_version, available_before, parts, windows, sources, more) VALUES
  (1, 'c-1', 1763600400000, 700, 'p1', 'main/query.execute/abc', 1763686800000, 'main', 'web', 'dune', 'query.execute', 'Queries', 'v1', 1000450, '[["pool:acme","g-spent",150],["pool:acme","g-expires",300],["pool:acme","g-main",250]]', '["key:web:day@1763596800000"]', '["pool:acme"]', '{"path":"/api/v1/query/1/execute"}'),
  (2, 'c-2', 1763600401000, 90, 'p1', NULL, NULL, 'research', 'web', 'dune', 'query.execute', 'Queries', 'v1', 1000200, '[["pool:acme","g-expires",90]]', '["key:web:day@1763596800000"]', '["pool:acme"]', '{"path":"/api/v1/query/1/execute"}'),
  (3, 'c-3', 1763600401000, 80, 'p1', NULL, NULL, 'research', 'web', 'dune', 'query.execute', 'Queries', 'v1', 1000200, '[["pool:acme","g-expires",80]]', '["key:web:day@1763596800000"]', '["pool:acme"]', '{"path":"/api/v1/query/1/execute"}'),
  (4, 'c-4', 1763600601000, 50, 'p1', NULL, NULL, 'main', 'web', 'dune', 'query.execute', 'Queries', 'v1', 1000000, '[["pool:acme","g-main",50]]', '["key:web:day@1763596800000"]', '["pool:acme"]', '{"path":"/api/v1/query/1/execute"}');

INSERT INTO cap_windows (id, spent, held) VALUES
  ('key:web:day@1763596800000', 300, 80);

INSERT INTO cards (version, text, file, loaded_at, digest) VALUES
  ('v1', 'card: acme
', 'rates.yaml', 1763600400000, '4gNo7fKh1sf9MRGcb4maZs6TLAj4IbGqD81ThJZUuww');

INSERT INTO claims (id, call_id, fingerprint, expires_at, done, answer, digest) VALUES
  ('main/query.execute/abc', 'c-1', 'f1', 1763686800000, 1, 'TG2hyWHWOryHDP0XhYiESy9_xcLVqFhIhZGkMPfEjgU', 'ptBB84H3BDXvauekxtotF0MHh96wKI-SF105RapO_Vg');

INSERT INTO ends (seq, state, charge, parts, free, absorbed, ended_at, ended, available_after, lease_until, job, on_lapse, digest) VALUES
  (1, 'settled', 250, '[["pool:acme","g-spent",150],["pool:acme","g-expires",100]]', 0, 0, 1763600400000, '{"status":200}', 1000200, 1763600430000, NULL, '[700,0,0,{"end":"unknown"}]', '2OiD74HV6dg3Y1H6VDZos7bSnAuoD88gmiW5zt_fyMw'),
  (2, 'released', NULL, '[]', 0, 0, 1763600401000, '{"reason":"refused"}', 1000200, 1763600431000, NULL, '[90,0,0,{"end":"unknown"}]', 'xKPQH9etdW3ugBUk3cd6oNgJUV97UxgXZ2PYg6qguOM'),
  (4, 'lapsed', 50, '[["pool:acme","g-main",50]]', 0, 0, 1763600631000, '{"end":"unknown"}', 999950, 1763600631000, NULL, '[50,0,0,{"end":"unknown"}]', 'IYxkTNqhen_4VPdc-ZMZrK3lMWH78PtnA7QKUorcozE');

INSERT INTO entries (id, prev, account, number, kind, delta, before, after, at, call_id, grant_id, parts, note, call_digest, hash) VALUES
  (1, NULL, 'pool:acme', 1, 'grant', 150, 0, 150, 1763600400000, NULL, 'g-spent', '[]', 'first credits', '1Hfc7jXzKfBS2_vicq4mwwezcqFlvdfbOi-SaZld9vE', 'BxJZe9OneemWl1Ms_Te4UyjqAli8b5LWSycac-aIzuY'),
  (2, 1, 'pool:acme', 2, 'grant', 300, 150, 450, 1763600400000, NULL, 'g-expires', '[]', 'first credits', 'tcpaV5IkhS4A2aaFeJ7YtdMoVNwVvJ-p2mzM-cDJFyA', '9nVWT3UO0DwdiMV3On0ZjCxVqp2LIO3jevOL0NH3EDg'),
  (3, 2, 'pool:acme', 3, 'grant', 1000000, 450, 1000450, 1763600400000, NULL, 'g-main', '[]', 'first credits', 'HFSnODe6SoEM0H1klrM9HtqNFRLVNAkHL3bS9BEqJ10', 'dOCBa5Y5ZyZxr4o0oZbGvIMITgS7khUII_qbaQ33EqA'),
  (4, 3, 'pool:acme', 4, 'charge', -250, 1000450, 1000200, 1763600400000, 'c-1', NULL, '[["pool:acme","g-spent",150],["pool:acme","g-expires",100]]', '', '2OiD74HV6dg3Y1H6VDZos7bSnAuoD88gmiW5zt_fyMw', 'y6mmlm6lG5ctD3xjmsbhpgsNZaIGN4qnMSDp_VRkvP0'),
  (5, 4, 'pool:acme', 5, 'expire', -120, 1000200, 1000080, 1763600601000, NULL, 'g-expires', '[]', '', '', 'ayoIsUI4OHbPRqRwHbpqY2StLhq1RC5ql3ovPW4XPIg'),
  (6, 5, 'pool:acme', 6, 'charge', -50, 1000080, 1000030, 1763600631000, 'c-4', NULL, '[["pool:acme","g-main",50]]', '', 'IYxkTNqhen_4VPdc-ZMZrK3lMWH78PtnA7QKUorcozE', 'sSJqgkzJHuJOTue4LYPuDPVV29aS-b03LV3LXOveV1E');

INSERT INTO grants (id, account, kind, amount, priority, effective_at, expires_at, voided_at, spent, held, ended, reason, by) VALUES
  ('g-expires', 'pool:acme', 'top-up', 300, 0, 1763600400000, 1763600500000, NULL, 100, 80, 120, 'first credits', 'operator'),
  ('g-main', 'pool:acme', 'top-up', 1000000, 0, 1763600400000, NULL, NULL, 50, 0, 0, 'first credits', 'operator'),
  ('g-spent', 'pool:acme', 'top-up', 150, -1, 1763600400000, NULL, NULL, 150, 0, 0, 'first credits', 'operator');

INSERT INTO holds (seq, lease_until, job, on_lapse, digest) VALUES
  (3, 1763602801000, 'exec-1', '[80,0,0,{"end":"deadline"}]', 'M8TVJFX9pLzksDlVvAl0QY2qVZpw6NwJDERU7UbnRPk');

INSERT INTO keys (id, hash, prefix, name, scope, workspace, user, labels, caps, created_at, expires_at, revoked_at, replaces, digest) VALUES
  ('lab', 'da6644fe6869cfcfaa0263028b25607af54401840e030ae4443bf5052b9573b3', 'tg_spend_bbbb', 'lab', 'spend', 'research', 'ann', '{}', '[]', 1763600400000, NULL, NULL, NULL, 'rL_zLoEz7QOFStzWoDTko8yBk6hHf45tDBLtEzcjSCg'),
  ('old', 'acd84e9e7447aea42ff24d185d62d86be9e5352533602cabee5f8446db401d80', 'tg_spend_cccc', 'old', 'spend', 'main', NULL, '{}', '[]', 1763600400000, NULL, 1763600400500, NULL, 'Rn3FucumEWMZB32RiE6uk1YbYJc2WD7VdvW13Nc8noU'),
  ('operator', 'be11d433d351bc47538fc058648d94d8041c33902d1b6825260eaa085333f1af', 'tg_operate_dddd', 'operator', 'operate', 'main', NULL, '{}', '[]', 1763600400000, NULL, NULL, NULL, 'WKJ-i4A5dYzJiF2-ur7jIJx5K0rHAAxHycznzp2w9c0'),
  ('web', '90d109263f7f8e4c4d54da20289ac1e642fc4ba49893d7c0e018709d64d732ac', 'tg_spend_aaaa', 'web', 'spend', 'main', NULL, '{"team":"x"}', '[{"window":"day","limit":5000000}]', 1763600400000, NULL, NULL, NULL, 'eDQSIV1d7Sdnlq8YGEzSrJ8JfZgrKciSIa7GEWcW_aQ');

INSERT INTO late_settles (id, call_id, at, charge, free, absorbed, ended, digest) VALUES
  (1, 'c-4', 1763600631000, 20, 0, 0, '{"status":200}', 'puQC91Mtb03NHIJ8a6PpCP6tgB8q0VOTVSoxsalOpSg');

INSERT INTO meta (name, rows, sum, digest) VALUES
  ('calls', 4, 267033375705632, 'FXGvJb1LGSQxGSSBBiogNLW5novzythhK_gCF9_cJLg'),
  ('cards', 1, 248504273203873, 'KMRKOrcEM6N1s9XSwqMLAvVe5wGLAjTmLMNaB6gx0og'),
  ('commits', 21, 0, 'S2koA5vHsSMB7Lx-u6KDehlETLF-SUzYrwcNjXKqSmY'),
  ('keys', 4, 215591412902511, 'zw2EYRBGI9_iBAwlWhLv3SbSZ1XOPLqk7IHYtRvtcL4'),
  ('late_settles', 1, 183498232517421, 'szPSnlRmesbbosb5-lCsZ7w_8_YCHsvfPWXncjOFPbA'),
  ('owned', 2, 157288693445355, 't8QpoxHBjXZF_LtWxYB_Q9XBf78TjM67MCfVUvmnkZY'),
  ('resumes', 1, 41660547269367, 'wUdSajPDhM9OQUWTeMXGQ6dpc6GrOkEIe_j7iw001SI');

INSERT INTO owned (service, id, workspace, call_id, made_at, digest) VALUES
  ('dune', 'exec-1', 'research', 'c-3', 1763600402000, 'd4CJAFJ29QNBl2YKTgyIh-gD62yeL_SnX7ScDd_9ZgM'),
  ('dune', 'exec-2', 'main', 'c-1', 1763600403000, 'F40XsuB12-Lg7q3tfHOz25oCKMt3h_nGI6fSM6JZXBU');

INSERT INTO resumes (operation, resumed_at, digest) VALUES
  ('query.execute', 1763600400000, 'JePaHwL31dxagCcHd6ZQLPZgeFdNBf4udQU99bMsh0E');

INSERT INTO rollups (hour, workspace, key, service, operation, reason, calls, charge, free, absorbed) VALUES
  (1763600400000, 'main', 'web', 'dune', 'query.execute', 'Queries', 2, 300, 0, 0);
