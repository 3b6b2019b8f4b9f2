// What a request to the API asks, checked: its query and its body, by the schemas of its route.
import { isUtf8 } from 'node:buffer';
import express, { type Request, type Response } from 'express';
import type { z } from 'zod';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { describeIssue } from './describe-issue.ts';
import { actsInOrganization, type Route } from './route.ts';

/** A body is a description of something, never the thing itself: a megabyte is two hundred long calls. */
const BODY_BYTES_MOST = 1_000_000;

// A text of another encoding would be kept with its letters broken, and nobody would notice.
function verify(_req: unknown, _res: unknown, body: Buffer, charset: string): void {
  if (!/^utf-?8$/i.test(charset) || !isUtf8(body)) throw new Error('it is not UTF-8');
}

// Whatever content type it claims: curl says form data of what is JSON, and nothing else is taken here.
const READ = {
  json: express.json({ limit: BODY_BYTES_MOST, inflate: false, strict: true, type: () => true, verify }),
  csv: express.text({ limit: BODY_BYTES_MOST, inflate: false, type: () => true, verify }),
  raw: express.raw({ limit: BODY_BYTES_MOST, inflate: false, type: () => true }),
} as const;

export interface Asked {
  query: unknown;
  body: unknown;
  /** What `?organization=` says, where the route acts on an organization. */
  organization: string | undefined;
  ifMatch: number | null;
}

/** @returns query and body as their schemas give them, or the refusal that names the field */
export async function readAsked(route: Route, req: Request, res: Response): Promise<Asked | Refusal> {
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

function readBody(as: keyof typeof READ, req: Request, res: Response): Promise<Refusal | undefined> {
  return new Promise((resolve) => {
    READ[as](req, res, (error?: unknown) => {
      if (error === undefined) resolve(undefined);
      else if ((error as { type?: unknown }).type === 'entity.too.large') {
        resolve({
          ...refusal('body_too_large', `The body is over ${BODY_BYTES_MOST / 1_000_000} MB.`),
          headers: { connection: 'close' },
        });
      } else {
        const why = error instanceof Error ? error.message : 'it can not be read';
        const wanted = as === 'json' ? 'is not a JSON object' : 'can not be read';
        resolve(refusal('body_unreadable', `The body ${wanted}: ${why}.`));
      }
    });
  });
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

function describe(issue: z.core.$ZodIssue | undefined, where: string): { field: string; message: string } {
  const field = [where, ...(issue?.path ?? [])].join('.');
  if (issue?.code === 'unrecognized_keys') return { field: `${field}.${issue.keys[0]}`, message: 'there is no such field' };
  return { field, message: describeIssue(issue) };
}
