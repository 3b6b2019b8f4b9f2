// Conditions of a list, of which only those count that were asked for.
import type { SqlValue } from './connection.ts';

/** A condition with its value. One whose value is left out does not count; one without a place for a value always does. */
export type Condition = readonly [sql: string, value?: SqlValue | undefined];

export function conditionsOf(conditions: readonly Condition[]): { where: string; values: SqlValue[] } {
  const used = conditions.filter(([sql, value]) => value !== undefined || !sql.includes('?'));
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
  return { where, values: used.flatMap(([, value]) => value ?? []) };
}
