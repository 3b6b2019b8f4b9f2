-- Calls are found by their chain, and by the labels that a run of a scenario carries. Most calls have none of them and are in none of these: a
-- look for the name in the text costs such a call less than reading its JSON.
CREATE INDEX calls_chain ON calls (more ->> '$.chain') WHERE instr(more, '"chain":') > 0;
CREATE INDEX calls_scenario ON calls (more ->> '$.labels.scenario', workspace) WHERE instr(more, '"scenario":') > 0;
CREATE INDEX calls_module ON calls (more ->> '$.labels.module', workspace) WHERE instr(more, '"module":') > 0;
CREATE INDEX calls_run ON calls (more ->> '$.labels.run', workspace) WHERE instr(more, '"run":') > 0;

-- Of what is gone only the id stays, and no list has it: codes for pairing go as often as they come.
DROP INDEX records_organization;
CREATE INDEX records_organization ON records (kind, organization, id) WHERE body IS NOT NULL;

-- What is one person's, among what thousands of others have: with each browser that is paired there is a key more.
CREATE INDEX records_user ON records (kind, organization, body ->> '$.user', id) WHERE body IS NOT NULL;
