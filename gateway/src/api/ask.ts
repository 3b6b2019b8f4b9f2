// What a request to the API asks, checked: its query and its body, by the schemas of its route.
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { describeIssue } from './describe-issue.ts';
import { readBody } from './read-body.ts';
import { actsInOrganization, type Route } from './route.ts';

export interface Asked {
  query: unknown;
  body: unknown;
  /** What `?organization=` says, where the route acts on an organization. */
  organization: string | undefined;
  ifMatch: number | null;
}

/** @returns query and body as their schemas give them, or the refusal that names the field */
export async function readAsked(route: Route, req: Request, res: Response): Promise<Asked | Refusal> {
  const twice = Object.keys(req.query).find((name) => Array.isArray(req.query[name]));
  if (twice !== undefined) {
    return refusal('input_invalid', `query.${twice} stands twice; once would be right.`, { field: `query.${twice}` });
  }
  const { organization, ...rest } = req.query;
  const isNamed = actsInOrganization(route) && typeof organization === 'string';
  const query = check(route.query, isNamed ? rest : req.query, 'query');
  if (isRefusal(query)) return query;
  const ifMatch = route.versioned === true && route.method !== 'GET' ? readIfMatch(req) : null;
  if (ifMatch !== null && typeof ifMatch === 'object') return ifMatch;
  const asked = { query: query.value, organization: isNamed ? organization : undefined, ifMatch };
  if (route.body === undefined) return { ...asked, body: undefined };
  const unreadable = await readBody(route.takes ?? 'json', req, res);
  if (unreadable !== undefined) return unreadable;
  const body = check(route.body, req.body ?? {}, 'body');
  return isRefusal(body) ? body : { ...asked, body: body.value };
}

/** The version that a change was made for; `*` and nothing at all are any. */
function readIfMatch({ headers }: Request): number | null | Refusal {
  const text = headers['if-match'];
  if (text === undefined || text === '*') return null;
  const version = /^"?([1-9]\d{0,14})"?$/.exec(text)?.[1];
  if (version !== undefined) return Number(version);
  return refusal('input_invalid', 'If-Match takes the ETag of one version, such as "3".', { field: 'header.if-match' });
}

/** A route without a query schema takes no query: a misspelt filter would otherwise show everything. */
function check(schema: z.ZodType | undefined, value: unknown, where: 'query' | 'body'): { value: unknown } | Refusal {
  if (schema === undefined) {
    const [extra] = Object.keys(value as object);
    return extra === undefined
      ? { value: {} }
      : refusal('input_invalid', `${where}.${extra} is not known here.`, { field: `${where}.${extra}` });
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { value: parsed.data };
  const { field, message } = describe(parsed.error.issues[0], where);
  return refusal('input_invalid', `${field}: ${message}.`, { field });
}

function describe(found: z.core.$ZodIssue | undefined, where: string): { field: string; message: string } {
  const issue = nearestOf(found);
  const field = [where, ...(issue?.path ?? [])].join('.');
  if (issue?.code === 'unrecognized_keys') return { field: `${field}.${issue.keys[0]}`, message: 'there is no such field' };
  return { field, message: describeIssue(issue) };
}

/** Of a thing that can be one of several, what is wrong with the one that was probably meant: the one with the least that is wrong. */
function nearestOf(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
  const inner = nearest?.[0];
  if (inner === undefined || (inner.path.length === 0 && inner.code !== 'unrecognized_keys')) return issue;
  return nearestOf({ ...inner, path: [...issue.path, ...inner.path] });
}
