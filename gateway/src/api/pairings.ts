// POST pairings: a code that lets one browser in, once, within ten minutes. Who has a key asks for it; nothing of the key goes to the browser.
import type { z } from 'zod';
import type { pairingRequest } from '@tollgate/shared/pairing-contract';
import { isRefusal } from '../call/refuse.ts';
import type { Put } from '../ledger/commands.ts';
import { putOf } from '../people/directory.ts';
import type { Pairing } from '../people/documents.ts';
import { nameOf, workspaceId } from '../people/ids.ts';
import { attempt, auditOf } from './change.ts';
import { gatewayUrl } from './gateway-url.ts';
import { ownId } from './own-id.ts';
import { hashPairingCode, newPairingCode } from './pairing-code.ts';
import { sightOf } from './paired-key.ts';
import { iso, keyOf, made, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';

const GOOD_FOR_MS = 10 * 60_000;
// Of those that nobody claimed, so many go with each new one.
const SWEPT_MOST = 20;

/** Where a person opens a link: what stands behind # never leaves their browser. */
export const PAIR_PAGE = '/tollgate/console/pair';

export async function makePairing(api: ApiParts, asking: Asking<unknown, z.output<typeof pairingRequest>>): Promise<Answered> {
  const { body } = asking;
  const key = keyOf(asking);
  const slowed = await api.tries.make(key.id);
  if (slowed !== undefined) return slowed;
  const code = newPairingCode();
  const id = hashPairingCode(api.config.secret, code);
  return attempt(api, async () => {
    const by = await api.directory.get('key', key.id);
    const organization = organizationOf(api, asking);
    const user = body.user === undefined ? key.user : await ownId(api, asking, 'user', body.user);
    // Nobody's browser begins where the key is; a person's wherever they are.
    const named = body.workspace ?? (user === null ? nameOf(key.workspace) : undefined);
    const workspace = named === undefined ? null : workspaceId(organization, named);
    const pairing: Pairing = { id, organization, user, workspace, by: key.id, expiresAt: api.gate.ledger.now() + GOOD_FOR_MS };
    const sight = await sightOf(api, by?.body ?? key, pairing);
    if (isRefusal(sight)) return sight;
    return {
      puts: [putOf('pairing', id, organization, pairing, { expects: 0 }), ...(await expired(api, organization))],
      audits: [
        auditOf(asking, organization, 'pairing.make', { kind: 'pairing', id }, { after: { user, workspace: sight.workspace } }),
      ],
      answer: () => {
        const link = `${gatewayUrl(api.gate.rules, asking.req)}${PAIR_PAGE}#${code}`;
        return made({ code, link, expiresAt: iso(pairing.expiresAt) }, false);
      },
    };
  });
}

/** What stays of a pairing is that its id was used: nothing of whom it was for. */
async function expired({ directory, gate }: ApiParts, organization: string): Promise<readonly Put[]> {
  const kept = await directory.list('pairing', { organization, limit: SWEPT_MOST });
  const at = gate.ledger.now();
  return kept
    .filter(({ body }) => body.expiresAt <= at)
    .map(({ body, version }) => putOf('pairing', body.id, organization, null, { expects: version }));
}
