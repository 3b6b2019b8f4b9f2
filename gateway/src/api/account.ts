// Accounts by their names: whose they are, and whether they are there. A grant to nobody would be credits that nobody finds.
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { openOrganization } from './open-organization.ts';
import { poolOf, type ApiParts, type Asking } from './route.ts';

/** The organization of an account; null for the operator's own. */
export function ownerOf(account: string): string | null {
  return /^(?:pool|user|extra):([^/]+)/.exec(account)?.[1] ?? null;
}

/**
 * The account that a request is about: the one it names, or the pool of the organization that it asks for.
 * @param opens whether credits come to it, which they do not where its organization is closed: nobody could spend them
 */
export async function askedAccount(
  api: ApiParts,
  asking: Asking<unknown, { account?: string | undefined }>,
  opens: boolean,
): Promise<string | Refusal> {
  const account = asking.body.account ?? poolOf(api, asking);
  const owner = ownerOf(account);
  if (asking.organization !== undefined && owner !== asking.organization) {
    return wrong(`${account} is not of ${asking.organization}, which ?organization= names; say one of them, or both of the same`);
  }
  const unknown = await unknownAccount(api, account);
  if (unknown !== undefined) return unknown;
  const open = opens ? await openOrganization(api, owner ?? '') : undefined;
  return open !== undefined && isRefusal(open) ? open : account;
}

/** 422 where an account names an organization or a user that is not there. */
async function unknownAccount({ directory }: ApiParts, account: string): Promise<Refusal | undefined> {
  const { kind, organization = '', user } = SHAPE.exec(account)?.groups ?? {};
  if (kind === undefined || (kind === 'user') !== (user !== undefined)) {
    return wrong(
      `"${account}" is no account that takes credits; pool:<organization> or user:<organization>/<user> would be right`,
    );
  }
  if ((await directory.get('organization', organization)) === undefined) return wrong(`there is no organization ${organization}`);
  if (user === undefined) return undefined;
  const found = await directory.get('user', user);
  return found?.body.erasedAt === null ? undefined : wrong(`there is no user ${user}`);
}

const SHAPE = /^(?<kind>pool|user):(?<organization>[a-z0-9][a-z0-9-]*)(?:\/(?<user>[a-z0-9][a-z0-9_-]*))?$/;

function wrong(why: string): Refusal {
  return refusal('input_invalid', `body.account: ${why}.`, { field: 'body.account' });
}
