// GET audit: who did what, newest first. Rows are written in the commit of what they tell of, and never changed.
import type { z } from 'zod';
import type { auditQuery } from '@tollgate/shared/operate-contract';
import type { AuditRow } from '../ledger/beside.ts';
import { ownId } from './own-id.ts';
import { iso, ok, type Answered, type ApiParts, type Asking } from './route.ts';

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
  return ok({ audit: page.map(showAudit), next: rows.length > limit ? (page.at(-1)?.number ?? null) : null });
}

function showAudit({ number, at, by, user, from, organization, action, subject, before, after, reason, hash }: AuditRow): object {
  return { number, at: iso(at), by, user, from, organization, action, subject, before, after, reason, hash };
}
