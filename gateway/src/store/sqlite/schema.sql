CREATE TABLE accounts (
  id TEXT NOT NULL PRIMARY KEY,
  balance INTEGER NOT NULL,
  held INTEGER NOT NULL CHECK (held >= 0),
  -- Number and hash of the account's last entry.
  entries INTEGER NOT NULL CHECK (entries >= 0),
  chain TEXT NOT NULL,
  -- Its id in entries.
  last INTEGER,
  CHECK (balance >= held),
  CHECK ((last IS NULL) = (entries = 0))
) STRICT, WITHOUT ROWID;

CREATE TABLE allowances (
  id TEXT NOT NULL PRIMARY KEY,
  starts_at INTEGER NOT NULL,
  until INTEGER NOT NULL CHECK (until > starts_at),
  granted INTEGER NOT NULL CHECK (granted >= 0),
  digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX allowances_until ON allowances (until) WHERE id < 'seat:' OR id >= 'seat;';

CREATE TABLE answers (
  claim TEXT NOT NULL PRIMARY KEY,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE audits (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  user TEXT,
  -- The address.
  came_from TEXT NOT NULL,
  organization TEXT,
  action TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  -- JSON, or null.
  before TEXT,
  after TEXT,
  reason TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE INDEX audits_organization ON audits (organization);

CREATE INDEX audits_subject ON audits (subject_kind, subject_id);

CREATE TABLE calls (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  held_at INTEGER NOT NULL,
  hold INTEGER NOT NULL CHECK (hold >= 0),
  owner TEXT NOT NULL,
  claim TEXT,
  claim_until INTEGER,
  workspace TEXT NOT NULL,
  key TEXT NOT NULL,
  service TEXT NOT NULL,
  operation TEXT NOT NULL,
  reason TEXT NOT NULL,
  card_version TEXT NOT NULL,
  available_before INTEGER NOT NULL,
  -- JSON: [[account, grant, amount], …]
  parts TEXT NOT NULL,
  -- JSON: ids of cap_windows; ids of accounts in draw order
  windows TEXT NOT NULL,
  sources TEXT NOT NULL,
  more TEXT NOT NULL, limits TEXT, passed TEXT,
  CHECK ((claim IS NULL) = (claim_until IS NULL))
) STRICT;

CREATE INDEX calls_chain ON calls (more ->> '$.chain') WHERE instr(more, '"chain":') > 0;

CREATE INDEX calls_key ON calls (key);

CREATE INDEX calls_module ON calls (more ->> '$.labels.module', workspace) WHERE instr(more, '"module":') > 0;

CREATE INDEX calls_run ON calls (more ->> '$.labels.run', workspace) WHERE instr(more, '"run":') > 0;

CREATE INDEX calls_scenario ON calls (more ->> '$.labels.scenario', workspace) WHERE instr(more, '"scenario":') > 0;

CREATE INDEX calls_workspace ON calls (workspace, operation);

CREATE TABLE cap_windows (
  id TEXT NOT NULL PRIMARY KEY,
  spent INTEGER NOT NULL CHECK (spent >= 0),
  held INTEGER NOT NULL CHECK (held >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE cards (
  version TEXT NOT NULL PRIMARY KEY,
  text TEXT NOT NULL,
  file TEXT NOT NULL,
  loaded_at INTEGER NOT NULL,
  digest TEXT NOT NULL
) STRICT;

CREATE TABLE claims (
  id TEXT NOT NULL PRIMARY KEY,
  call_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  answer TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_expiry ON claims (expires_at);

CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  event INTEGER NOT NULL,
  webhook TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  next_at INTEGER,
  last_at INTEGER,
  last_status INTEGER,
  last_error TEXT NOT NULL,
  digest TEXT NOT NULL,
  CHECK (state = 'waiting' OR next_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_dead ON deliveries (webhook) WHERE state = 'dead';

CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX deliveries_webhook ON deliveries (webhook);

CREATE TABLE ends (
  seq INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('settled', 'released', 'lapsed')),
  charge INTEGER CHECK (charge >= 0),
  parts TEXT NOT NULL,
  free INTEGER NOT NULL CHECK (free >= 0),
  absorbed INTEGER NOT NULL CHECK (absorbed >= 0),
  ended_at INTEGER NOT NULL,
  ended TEXT NOT NULL,
  available_after INTEGER NOT NULL,
  -- The hold's last values.
  lease_until INTEGER NOT NULL,
  job TEXT,
  on_lapse TEXT NOT NULL,
  digest TEXT NOT NULL,
  CHECK ((charge IS NULL) = (state = 'released'))
) STRICT;

CREATE INDEX ends_bound_broken ON ends (seq) WHERE instr(ended, '"bound_broken"') > 0;

CREATE TABLE entries (
  -- Over all accounts, without gaps: what the high-water mark points at.
  id INTEGER PRIMARY KEY,
  -- Id of the account's entry before it. UNIQUE, so that a chain can not fork.
  prev INTEGER UNIQUE CHECK (prev < id),
  account TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'charge', 'expire', 'void', 'correct', 'absorb', 'accept-loss')),
  delta INTEGER NOT NULL,
  before INTEGER NOT NULL,
  after INTEGER NOT NULL,
  at INTEGER NOT NULL,
  call_id TEXT,
  grant_id TEXT,
  parts TEXT NOT NULL,
  note TEXT NOT NULL,
  call_digest TEXT NOT NULL,
  hash TEXT NOT NULL,
  CHECK (after = before + delta),
  CHECK ((prev IS NULL) = (number = 1))
) STRICT;

CREATE UNIQUE INDEX entries_correction ON entries (grant_id) WHERE kind = 'correct';

CREATE UNIQUE INDEX entries_first ON entries (account) WHERE prev IS NULL;

CREATE INDEX entries_steps ON entries (account, number) WHERE number % 64 = 0;

CREATE TABLE events (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  organization TEXT NOT NULL,
  workspace TEXT,
  at INTEGER NOT NULL,
  data TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;

CREATE INDEX events_organization ON events (organization);

CREATE TABLE grants (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('allowance', 'lifetime', 'top-up', 'promo', 'rollover')),
  amount INTEGER NOT NULL CHECK (amount > 0),
  priority INTEGER NOT NULL,
  effective_at INTEGER NOT NULL,
  expires_at INTEGER,
  voided_at INTEGER,
  spent INTEGER NOT NULL CHECK (spent >= 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  ended INTEGER NOT NULL CHECK (ended >= 0),
  reason TEXT NOT NULL,
  by TEXT NOT NULL, terms TEXT, done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
  CHECK (spent + held + ended <= amount),
  CHECK (expires_at IS NULL OR expires_at > effective_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX grants_account ON grants (account);

CREATE INDEX grants_expiry ON grants (expires_at) WHERE expires_at IS NOT NULL AND done = 0;

CREATE INDEX grants_extra ON grants (account, effective_at) WHERE account >= 'extra:' AND account < 'extra;';

CREATE INDEX grants_live ON grants (account) WHERE done = 0;

CREATE TABLE holds (
  seq INTEGER PRIMARY KEY,
  lease_until INTEGER NOT NULL,
  job TEXT,
  -- JSON: [charge, free, absorbed, ended]
  on_lapse TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;

CREATE INDEX holds_job ON holds (job) WHERE job IS NOT NULL;

CREATE TABLE late_settles (
  id INTEGER PRIMARY KEY,
  call_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  charge INTEGER NOT NULL,
  free INTEGER NOT NULL,
  absorbed INTEGER NOT NULL,
  ended TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;

CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  rows INTEGER NOT NULL CHECK (rows >= 0),
  sum INTEGER NOT NULL,
  digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE owned (
  service TEXT NOT NULL,
  id TEXT NOT NULL,
  workspace TEXT NOT NULL,
  call_id TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (service, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  organization TEXT NOT NULL,
  -- Another name that it is found by.
  lookup TEXT,
  -- JSON; null where it is gone, and its id stays taken.
  body TEXT,
  version INTEGER NOT NULL CHECK (version > 0),
  at INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (kind, id),
  UNIQUE (kind, lookup)
) STRICT;

CREATE INDEX records_organization ON records (kind, organization, id) WHERE body IS NOT NULL;

CREATE INDEX records_user ON records (kind, organization, body ->> '$.user', id) WHERE body IS NOT NULL;

CREATE TABLE resumes (
  operation TEXT NOT NULL PRIMARY KEY,
  resumed_at INTEGER NOT NULL,
  digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rollups (
  hour INTEGER NOT NULL CHECK (hour % 3600000 = 0),
  workspace TEXT NOT NULL,
  key TEXT NOT NULL,
  service TEXT NOT NULL,
  operation TEXT NOT NULL,
  reason TEXT NOT NULL,
  calls INTEGER NOT NULL CHECK (calls > 0),
  charge INTEGER NOT NULL CHECK (charge >= 0),
  free INTEGER NOT NULL CHECK (free >= 0),
  absorbed INTEGER NOT NULL CHECK (absorbed >= 0),
  PRIMARY KEY (hour, workspace, key, service, operation, reason)
) STRICT, WITHOUT ROWID;

CREATE VIEW batches AS
SELECT NULL AS calls, NULL AS holds, NULL AS ends, NULL AS closed, NULL AS accounts, NULL AS grants, NULL AS grants_changed,
  NULL AS grants_done, NULL AS allowances, NULL AS windows, NULL AS claims, NULL AS claims_gone, NULL AS answers, NULL AS entries,
  NULL AS rollups, NULL AS late, NULL AS records, NULL AS audits, NULL AS events, NULL AS deliveries, NULL AS cards, NULL AS owned, NULL AS resumes, NULL AS meta
WHERE 0;

CREATE VIEW batches_beside AS
SELECT NULL AS grants, NULL AS grants_done, NULL AS allowances, NULL AS late, NULL AS records, NULL AS audits, NULL AS events,
  NULL AS deliveries, NULL AS cards, NULL AS owned, NULL AS resumes
WHERE 0;

CREATE VIEW batches_claims AS SELECT NULL AS claims, NULL AS claims_gone, NULL AS answers WHERE 0;

CREATE VIEW whole_calls AS
SELECT
  c.seq, c.id, coalesce(e.state, 'open') AS state, c.held_at, c.hold, c.owner, c.claim, c.claim_until, c.workspace, c.key, c.service,
  c.operation, c.reason, c.card_version, c.available_before, c.parts, c.windows, c.sources, c.more, c.limits, c.passed,
  CASE WHEN e.seq IS NULL THEN h.lease_until ELSE e.lease_until END AS lease_until,
  CASE WHEN e.seq IS NULL THEN h.job ELSE e.job END AS job,
  CASE WHEN e.seq IS NULL THEN h.on_lapse ELSE e.on_lapse END AS on_lapse,
  e.charge, e.parts AS charged_parts, coalesce(e.free, 0) AS free, coalesce(e.absorbed, 0) AS absorbed, e.ended_at, e.ended,
  e.available_after, coalesce(e.digest, h.digest) AS digest
FROM calls c LEFT JOIN ends e ON e.seq = c.seq LEFT JOIN holds h ON h.seq = c.seq;

CREATE TRIGGER audits_never_change BEFORE UPDATE ON audits BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TRIGGER audits_never_go BEFORE DELETE ON audits BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TRIGGER batches_write INSTEAD OF INSERT ON batches BEGIN
  INSERT INTO calls (seq, id, held_at, hold, owner, claim, claim_until, workspace, key, service, operation, reason, card_version,
    available_before, parts, windows, sources, more, limits, passed)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9,
    value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15, value ->> 16, value ->> 17,
    value ->> 18, value ->> 19
  FROM jsonb_each(NEW.calls);

  INSERT INTO holds (seq, lease_until, job, on_lapse, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM jsonb_each(NEW.holds) WHERE true
  ON CONFLICT (seq) DO UPDATE SET lease_until = excluded.lease_until, job = excluded.job, on_lapse = excluded.on_lapse,
    digest = excluded.digest;

  -- An end without a hold fails on lease_until.
  INSERT INTO ends (seq, state, charge, parts, free, absorbed, ended_at, ended, available_after, digest, lease_until, job, on_lapse)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9,
    h.lease_until, h.job, h.on_lapse
  FROM jsonb_each(NEW.ends) LEFT JOIN holds h ON h.seq = value ->> 0;

  -- The seqs of ends, given apart because reading them out of it would parse all of it again.
  DELETE FROM holds WHERE seq IN (SELECT value FROM json_each(NEW.closed));

  INSERT INTO accounts (id, balance, held, entries, chain, last)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM jsonb_each(NEW.accounts) WHERE true
  ON CONFLICT (id) DO UPDATE SET balance = excluded.balance, held = excluded.held, entries = excluded.entries, chain = excluded.chain,
    last = excluded.last;

  -- Only what changes of a grant that is there: reading and checking all of its columns again took a sixth of a batch's time.
  UPDATE grants SET voided_at = j.value ->> 1, spent = j.value ->> 2, held = j.value ->> 3, ended = j.value ->> 4
  FROM jsonb_each(NEW.grants_changed) j WHERE grants.id = j.value ->> 0;

  INSERT INTO cap_windows (id, spent, held)
  SELECT value ->> 0, value ->> 1, value ->> 2 FROM jsonb_each(NEW.windows) WHERE true
  ON CONFLICT (id) DO UPDATE SET spent = excluded.spent, held = excluded.held;

  INSERT INTO entries (id, prev, account, number, kind, delta, before, after, at, call_id, grant_id, parts, note, call_digest, hash)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9,
    value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14
  FROM jsonb_each(NEW.entries);

  INSERT INTO rollups (hour, workspace, key, service, operation, reason, calls, charge, free, absorbed)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
  FROM jsonb_each(NEW.rollups) WHERE true
  ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, charge = charge + excluded.charge, free = free + excluded.free,
    absorbed = absorbed + excluded.absorbed;

  INSERT INTO batches_claims SELECT NEW.claims, NEW.claims_gone, NEW.answers
  WHERE NEW.claims IS NOT NULL OR NEW.claims_gone IS NOT NULL;

  INSERT INTO batches_beside
  SELECT NEW.grants, NEW.grants_done, NEW.allowances, NEW.late, NEW.records, NEW.audits, NEW.events, NEW.deliveries, NEW.cards, NEW.owned,
    NEW.resumes
  WHERE coalesce(NEW.grants, NEW.grants_done, NEW.allowances, NEW.late, NEW.records, NEW.audits, NEW.events, NEW.deliveries, NEW.cards,
    NEW.owned, NEW.resumes) IS NOT NULL;

  INSERT INTO meta (name, rows, sum, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM jsonb_each(NEW.meta) WHERE true
  ON CONFLICT (name) DO UPDATE SET rows = excluded.rows, sum = excluded.sum, digest = excluded.digest;
END;

CREATE TRIGGER batches_beside_write INSTEAD OF INSERT ON batches_beside BEGIN
  INSERT INTO grants (id, account, kind, amount, priority, effective_at, expires_at, voided_at, spent, held, ended, reason, by,
    terms)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9,
    value ->> 10, value ->> 11, value ->> 12, value ->> 13
  FROM jsonb_each(NEW.grants) WHERE true
  ON CONFLICT (id) DO UPDATE SET voided_at = excluded.voided_at, spent = excluded.spent, held = excluded.held, ended = excluded.ended;

  -- Apart, so that the indexes of live grants are not written for those that only go on.
  UPDATE grants SET done = 1 WHERE id IN (SELECT value FROM json_each(NEW.grants_done));

  INSERT INTO allowances (id, starts_at, until, granted, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM jsonb_each(NEW.allowances) WHERE true
  ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, until = excluded.until, granted = excluded.granted,
    digest = excluded.digest;

  INSERT INTO late_settles (id, call_id, at, charge, free, absorbed, ended, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7 FROM jsonb_each(NEW.late);

  -- A name that goes from one record to another is free before it is taken.
  UPDATE records SET lookup = NULL WHERE rowid IN (
    SELECT r.rowid FROM jsonb_each(NEW.records) j CROSS JOIN records r ON r.kind = j.value ->> 0 AND r.id = j.value ->> 1
  );
  INSERT INTO records (kind, id, organization, lookup, body, version, at, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
  FROM jsonb_each(NEW.records) WHERE true
  ON CONFLICT (kind, id) DO UPDATE SET organization = excluded.organization, lookup = excluded.lookup, body = excluded.body,
    version = excluded.version, at = excluded.at, digest = excluded.digest;

  INSERT INTO audits (number, at, by, user, came_from, organization, action, subject_kind, subject_id, before, after, reason, hash)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9,
    value ->> 10, value ->> 11, value ->> 12
  FROM jsonb_each(NEW.audits);

  INSERT INTO events (number, id, type, organization, workspace, at, data, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7 FROM jsonb_each(NEW.events);

  INSERT INTO deliveries (id, event, webhook, state, attempts, next_at, last_at, last_status, last_error, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
  FROM jsonb_each(NEW.deliveries) WHERE true
  ON CONFLICT (id) DO UPDATE SET event = excluded.event, webhook = excluded.webhook, state = excluded.state,
    attempts = excluded.attempts, next_at = excluded.next_at, last_at = excluded.last_at, last_status = excluded.last_status,
    last_error = excluded.last_error, digest = excluded.digest;

  INSERT INTO cards (version, text, file, loaded_at, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM jsonb_each(NEW.cards);

  INSERT INTO owned (service, id, workspace, call_id, made_at, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM jsonb_each(NEW.owned);

  INSERT INTO resumes (operation, resumed_at, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2 FROM jsonb_each(NEW.resumes) WHERE true
  ON CONFLICT (operation) DO UPDATE SET resumed_at = excluded.resumed_at, digest = excluded.digest;
END;

CREATE TRIGGER batches_claims_write INSTEAD OF INSERT ON batches_claims BEGIN
  DELETE FROM answers WHERE claim IN (SELECT value FROM json_each(NEW.claims_gone));
  DELETE FROM claims WHERE id IN (SELECT value FROM json_each(NEW.claims_gone));

  -- A claim that another call has taken over loses the answer of the one before.
  DELETE FROM answers WHERE claim IN (SELECT value ->> 0 FROM jsonb_each(NEW.claims));
  INSERT INTO claims (id, call_id, fingerprint, expires_at, done, answer, digest)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM jsonb_each(NEW.claims) WHERE true
  ON CONFLICT (id) DO UPDATE SET call_id = excluded.call_id, fingerprint = excluded.fingerprint, expires_at = excluded.expires_at,
    done = excluded.done, answer = excluded.answer, digest = excluded.digest;
  INSERT INTO answers (claim, status, headers, body)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM jsonb_each(NEW.answers);
END;

CREATE TRIGGER calls_never_change BEFORE UPDATE ON calls BEGIN SELECT RAISE(ABORT, 'a call never changes'); END;

CREATE TRIGGER ends_never_change BEFORE UPDATE ON ends BEGIN SELECT RAISE(ABORT, 'a call ends once'); END;

CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

CREATE TRIGGER entries_never_go BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
