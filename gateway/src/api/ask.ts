// What a request to the API asks, checked: its query and its JSON body, by the schemas of its route.
import express, { type Request, type Response } from 'express';
import type { z } from 'zod';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import type { Route } from './route.ts';

/** A body is a description of something, never the thing itself: a megabyte is two hundred long calls. */
const BODY_BYTES_MOST = 1_000_000;

// Whatever content type it claims: curl says form data of what is JSON, and nothing else is taken here.
const readJson = express.json({ limit: BODY_BYTES_MOST, inflate: false, strict: true, type: () => true });

/** @returns query and body as their schemas give them, or the refusal that names the field */
export async function readAsked(route: Route, req: Request, res: Response): Promise<{ query: unknown; body: unknown } | Refusal> {
  const query = check(route.query, req.query, 'query');
  if (isRefusal(query)) return query;
  if (route.body === undefined) return { query: query.value, body: undefined };
  const unreadable = await readBody(req, res);
  if (unreadable !== undefined) return unreadable;
  const body = check(route.body, req.body ?? {}, 'body');
  return isRefusal(body) ? body : { query: query.value, body: body.value };
}

function readBody(req: Request, res: Response): Promise<Refusal | undefined> {
  return new Promise((resolve) => {
    readJson(req, res, (error?: unknown) => {
      if (error === undefined) resolve(undefined);
      else if ((error as { type?: unknown }).type === 'entity.too.large') {
        resolve({
          ...refusal('body_too_large', `The body is over ${BODY_BYTES_MOST / 1_000_000} MB.`),
          headers: { connection: 'close' },
        });
      } else
        resolve(
          refusal(
            'body_unreadable',
            `The body is not a JSON object: ${error instanceof Error ? error.message : 'it can not be read'}.`,
          ),
        );
    });
  });
}

/** A route without a query schema takes no query: a misspelt filter would otherwise show everything. */
function check(schema: z.ZodType | undefined, value: unknown, where: 'query' | 'body'): { value: unknown } | Refusal {
  if (schema === undefined) {
    const [extra] = Object.keys(value as object);
    return extra === undefined
      ? { value: {} }
      : refusal('field_invalid', `${where}.${extra} is not known here.`, { field: `${where}.${extra}` });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const { field, message } = describe(parsed.error.issues[0], where);
  return refusal('field_invalid', `${field}: ${message}.`, { field });
}

function describe(issue: z.core.$ZodIssue | undefined, where: string): { field: string; message: string } {
  const field = [where, ...(issue?.path ?? [])].join('.');
  if (issue?.code === 'unrecognized_keys') return { field: `${field}.${issue.keys[0]}`, message: 'there is no such field' };
  return { field, message: issue?.message ?? 'it is not valid' };
}
