// What a cap is of: something that is there. A cap of what is not would never bind, and nobody would notice.
import { refusal, type Refusal } from '../call/refuse.ts';
import { lineOf } from '../keys/key.ts';
import type { Cap } from '../people/documents.ts';
import { nameOf, workspaceId } from '../people/ids.ts';
import { ownId } from './own-id.ts';
import { organizationOf, type ApiParts, type Asking } from './route.ts';
import { visibleUser } from './visible-user.ts';

/** @returns the scope as it is kept, a workspace by its full id and a key by the first of its line */
export async function capScope(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  { kind, id }: Cap['scope'],
): Promise<Cap['scope'] | Refusal> {
  const organization = organizationOf(api, asking);
  if (kind === 'organization')
    return id === organization || id === '*' ? { kind, id: organization } : unknown(kind, id, [organization]);
  if (id === '*') return { kind, id };
  if (kind === 'workspace' || kind === 'user' || kind === 'key') {
    const found = await FIND[kind](api, organization, kind === 'workspace' ? id : await ownId(api, asking, kind, id));
    return found === undefined ? unknown(kind, id) : { kind, id: found };
  }
  const known = knownOf(api, kind);
  return known.includes(id) ? { kind, id } : unknown(kind, id, kind === 'chain' ? ['*'] : known);
}

type Find = (api: ApiParts, organization: string, id: string) => Promise<string | undefined>;

const FIND: Readonly<Record<'workspace' | 'user' | 'key', Find>> = {
  async workspace({ directory }, organization, id) {
    const full = workspaceId(organization, id.startsWith(`${organization}/`) ? nameOf(id) : id);
    return (await directory.get('workspace', full))?.body.id;
  },
  async user(api, organization, id) {
    const found = await visibleUser(api, organization, id);
    return found?.body.erasedAt === null ? id : undefined;
  },
  async key({ directory }, organization, id) {
    const found = await directory.get('key', id);
    // Rotating a key lifts no cap of it: the whole line is meant.
    return found?.body.organization === organization ? lineOf(id) : undefined;
  },
};

/** What the card in force has of it. Chains begin and end with calls, so that none of them is known. */
function knownOf({ cards }: ApiParts, kind: Cap['scope']['kind']): readonly string[] {
  const { services } = cards.current().card;
  if (kind === 'service') return services.map(({ id }) => id);
  return kind === 'operation' ? services.flatMap(({ operations }) => operations.map(({ id }) => id)) : [];
}

function unknown(kind: string, id: string, known: readonly string[] = []): Refusal {
  const there = known.length === 0 ? '' : `; there is: ${known.join(', ')}`;
  return refusal('input_invalid', `body.scope.id: there is no ${kind} "${id}" here${there}.`, {
    field: 'body.scope.id',
    ...(known.length === 0 ? {} : { known }),
  });
}
