// What a cap is of: something that is there. A cap of what is not would never bind, and nobody would notice.
import { refusal, type Refusal } from '../call/refuse.ts';
import { lineOf } from '../keys/key.ts';
import type { Cap } from '../people/documents.ts';
import { nameOf, workspaceId } from '../people/ids.ts';
import type { ApiParts } from './route.ts';
import { visibleUser } from './users.ts';

/** @returns the scope as it is kept, a workspace by its full id */
export async function capScope(api: ApiParts, organization: string, { kind, id }: Cap['scope']): Promise<Cap['scope'] | Refusal> {
  const { directory } = api;
  const services = api.cards.current().card.services;
  switch (kind) {
    case 'organization':
      return id === organization || id === '*' ? { kind, id: organization } : unknown(kind, id, [organization]);
    case 'chain':
      return id === '*' ? { kind, id } : unknown(kind, id, ['*']);
    case 'service':
      return id === '*' || services.some((one) => one.id === id)
        ? { kind, id }
        : unknown(
            kind,
            id,
            services.map((one) => one.id),
          );
    case 'operation': {
      const operations = services.flatMap((one) => one.operations.map((operation) => operation.id));
      return id === '*' || operations.includes(id) ? { kind, id } : unknown(kind, id, operations);
    }
    case 'workspace': {
      if (id === '*') return { kind, id };
      const full = workspaceId(organization, id.startsWith(`${organization}/`) ? nameOf(id) : id);
      return (await directory.get('workspace', full)) === undefined ? unknown(kind, id) : { kind, id: full };
    }
    case 'user': {
      if (id === '*') return { kind, id };
      const user = await visibleUser(api, organization, id);
      return user === undefined || user.body.erasedAt !== null ? unknown(kind, id) : { kind, id };
    }
    case 'key': {
      if (id === '*') return { kind, id };
      const key = await directory.get('key', id);
      // Rotating a key lifts no cap of it: the whole line is meant.
      return key?.body.organization === organization ? { kind, id: lineOf(id) } : unknown(kind, id);
    }
  }
}

function unknown(kind: string, id: string, known: readonly string[] = []): Refusal {
  const there = known.length === 0 ? '' : `; there is: ${known.join(', ')}`;
  return refusal('input_invalid', `body.scope.id: there is no ${kind} "${id}" here${there}.`, {
    field: 'body.scope.id',
    ...(known.length === 0 ? {} : { known }),
  });
}
