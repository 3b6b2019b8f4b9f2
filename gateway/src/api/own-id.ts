// Ids of users and keys are the gateway's, and organizations are strangers: what a manage key names is kept as `<organization>_<id>`, so that no
// id tells that another organization has it. Names of organizations have no `_`: two of them never come to the same id.
import { refusal, type Refusal } from '../call/refuse.ts';
import { isOperator, organizationOf, type ApiParts, type Asking } from './route.ts';
import { mayManage } from './may-manage.ts';
import { visibleUser } from './visible-user.ts';

type Named = 'user' | 'key';

/** Of a chosen id, without the name of the organization before it. */
const LENGTH_MOST = 63;

/** The id as it is kept, of something that a request names: as it stands where that may be seen, or else the organization's own of that name. */
export async function ownId(api: ApiParts, asking: Asking<unknown, unknown>, kind: Named, id: string): Promise<string> {
  if (isOperator(asking)) return id;
  const own = `${organizationOf(api, asking)}_`;
  return id.startsWith(own) || (await isVisible(api, asking, kind, id)) ? id : `${own}${id}`;
}

/** The id that something new shall be kept under. The operator's are kept as they are, but not among those of another organization. */
export async function newId(api: ApiParts, asking: Asking<unknown, unknown>, kind: Named, id: string): Promise<string | Refusal> {
  const organization = organizationOf(api, asking);
  const [head = '', ...rest] = id.split('_');
  const chosen = head === organization && rest.length > 0 ? rest.join('_') : id;
  if (chosen === '' || chosen.length > LENGTH_MOST) return wrong(`"${id}" is no id of 1 to ${LENGTH_MOST} characters`);
  if (!isOperator(asking)) return ownId(api, asking, kind, id);
  const isOthers = rest.length > 0 && head !== organization && (await api.directory.get('organization', head)) !== undefined;
  return isOthers ? wrong(`ids that begin with "${head}_" are those of the organization ${head}`) : id;
}

/** The first id of somebody else that would look like one of this organization, which is to be made. */
export async function idLikeThatOf({ directory }: ApiParts, organization: string): Promise<string | undefined> {
  const page = { prefix: `${organization}_`, limit: 1 };
  const [[user], [key]] = await Promise.all([directory.list('user', page), directory.list('key', page)]);
  return user?.body.id ?? key?.body.id;
}

async function isVisible(api: ApiParts, asking: Asking<unknown, unknown>, kind: Named, id: string): Promise<boolean> {
  if (kind === 'user') return (await visibleUser(api, organizationOf(api, asking), id)) !== undefined;
  const kept = await api.directory.get('key', id);
  return kept !== undefined && mayManage(asking, kept.body);
}

function wrong(why: string): Refusal {
  return refusal('input_invalid', `body.id: ${why}.`, { field: 'body.id' });
}
