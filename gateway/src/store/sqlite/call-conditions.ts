// Which calls a list shows, as conditions that an index finds.
import type { CallFilter } from '../../ledger/beside.ts';
import type { Condition } from './conditions.ts';

/**
 * A plus keeps SQLite from an index that would give the rows in another order than newest first: most calls of an installation are in
 * few workspaces, so walking back through all of them finds a page sooner than sorting one workspace. Of a chain, a run or a scenario there
 * are few, and they are found by it.
 */
export function callConditions({
  before,
  organization,
  workspaces,
  user,
  key,
  operation,
  state,
  chain,
  labels = {},
}: CallFilter): Condition[] {
  const { scenario, module, run } = labels;
  const isFew = [chain, scenario, module, run].some((one) => one !== undefined);
  const both = workspaces !== undefined && operation !== undefined && key === undefined && !isFew;
  return [
    ['seq < (SELECT seq FROM calls WHERE id = ?)', before],
    [isFew ? '+key = ?' : 'key = ?', key],
    ...inWorkspaces(workspaces, both || isFew),
    ["substr(workspace, 1, instr(workspace, '/') - 1) = ?", organization],
    ["more ->> '$.user' = ?", user],
    [both ? 'operation = ?' : '+operation = ?', operation],
    // Open calls are few, and found without looking through all that have ended.
    [state === 'open' && !isFew ? 'seq IN (SELECT seq FROM holds) AND state = ?' : '+state = ?', state],
    [`seq IN (${CHAIN})`, chain === undefined ? undefined : JSON.stringify([chain])],
    // The first part is what an index of its own is made for.
    [`instr(more, '"run":') > 0 AND more ->> '$.labels.run' = ?`, run],
    [`instr(more, '"scenario":') > 0 AND more ->> '$.labels.scenario' = ?`, scenario],
    [`instr(more, '"module":') > 0 AND more ->> '$.labels.module' = ?`, module],
  ];
}

function inWorkspaces(workspaces: readonly string[] | undefined, isIndexed: boolean): Condition[] {
  const column = isIndexed ? 'workspace' : '+workspace';
  if (workspaces?.length === 1) return [[`${column} = ?`, workspaces[0]]];
  return [[`${column} IN (SELECT value FROM json_each(?))`, workspaces === undefined ? undefined : JSON.stringify(workspaces)]];
}

/** The call at the root, and all that were made under it. */
const CHAIN = `SELECT c.seq FROM json_each(?) j CROSS JOIN calls c ON c.id = j.value OR (instr(c.more, '"chain":') > 0 AND c.more ->> '$.chain' = j.value)`;
