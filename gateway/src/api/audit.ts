// GET audit: who did what, newest first. Rows are written in the commit of what they tell of, and never changed.
import type { z } from 'zod';
import type { auditQuery } from '@tollgate/shared/operate-contract';
import type { AuditRow } from '../ledger/beside.ts';
import { contextsOf } from '../people/ids.ts';
import { ownId } from './own-id.ts';
import { iso, isOperator, ok, type Answered, type ApiParts, type Asking } from './route.ts';

/** A manage key reads its organization's; an operate key all, or those of `?organization=`. */
export async function listAudit(api: ApiParts, asking: Asking<z.output<typeof auditQuery>, unknown>): Promise<Answered> {
  const { action, by, kind, before, limit } = asking.query;
  const named = asking.query.id;
  const id = named !== undefined && (kind === 'user' || kind === 'key') ? await ownId(api, asking, kind, named) : named;
  const { organization } = asking;
  const subject = kind === undefined || id === undefined ? undefined : { kind, id };
  const given = Object.entries({ organization, action, by, subject, before }).filter(([, value]) => value !== undefined);
  const rows = await api.store.audits({ ...Object.fromEntries(given), limit: limit + 1 });
  const page = rows.slice(0, limit);
  return ok({
    audit: page.map((row) => showAudit(isOperator(asking) ? row : without(row))),
    next: rows.length > limit ? (page.at(-1)?.number ?? null) : null,
  });
}

function showAudit({ number, at, by, user, from, organization, action, subject, before, after, reason, hash }: AuditRow): object {
  return { number, at: iso(at), by, user, from, organization, action, subject, before, after, reason, hash };
}

/** The row without contexts of keys in other organizations. */
function without(row: AuditRow): AuditRow {
  return row.subject.kind === 'key' ? { ...row, before: ownContexts(row.before, row), after: ownContexts(row.after, row) } : row;
}

/** A key, or the two of a rotation. */
function ownContexts(shown: unknown, row: AuditRow): AuditRow['after'] {
  return JSON.parse(
    JSON.stringify(shown, (name, value: unknown) =>
      name === 'contexts' && Array.isArray(value) ? contextsOf(value as string[], row.organization ?? '') : value,
    ),
  );
}
