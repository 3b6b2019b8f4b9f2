// POST pairings/claim: a browser gives the code and gets a key of its own, which sees and never spends. The code is used up in the commit
// that makes the key: of two who claim it at once, one has it.
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { pairingClaim } from '@tollgate/shared/pairing-contract';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { hashKey, isAlive, newKeyText, prefixOf, type Key } from '../keys/key.ts';
import { putOf, type Kept } from '../people/directory.ts';
import { attempt } from './change.ts';
import { gatewayUrl } from './gateway-url.ts';
import { auditedKey, keyEvent, putKey, showOwnKey, subjectOf } from './keys.ts';
import { hashPairingCode } from './pairing-code.ts';
import { sightOf, type Sight } from './paired-key.ts';
import { made, type Answered, type ApiParts, type Asking } from './route.ts';

type Claim = z.output<typeof pairingClaim>;

/** Unknown, used, expired and without the rights of who made it: the answer is one, so that nobody learns which codes there were. */
const DEAD: Refusal = refusal(
  'not_found',
  'This code is not good: it is mistyped, was used before, or is older than ten minutes. Make a new one and pair with that.',
  { field: 'body.code' },
);

export async function claimPairing(api: ApiParts, asking: Asking<unknown, Claim>): Promise<Answered> {
  const { req, body } = asking;
  const address = req.socket.remoteAddress ?? '';
  const slowed = await api.tries.claim(address);
  if (slowed !== undefined) return slowed;
  const id = hashPairingCode(api.config.secret, body.code);
  const text = newKeyText('view');
  const answered = await attempt(api, async () => {
    const found = await open(api, id);
    if (found === undefined) return DEAD;
    const { pairing, by, sight } = found;
    const key = keyFrom(sight, body.name, { by: by.body, at: api.now(), secret: api.config.secret, text });
    return {
      // The key that let it in is written as it is: where it changes at this moment, all of this is decided anew.
      puts: [
        putKey(key, 0),
        putOf('pairing', id, pairing.organization, null, { expects: pairing.version }),
        putKey(by.body, by.version),
      ],
      audits: [
        {
          by: by.body.id,
          user: by.body.user,
          from: address,
          organization: key.organization,
          action: 'key.pair',
          subject: subjectOf(key),
          before: null,
          after: auditedKey(key),
          reason: '',
        },
      ],
      events: [keyEvent('made', key, 1)],
      answer: () =>
        made({ key: showOwnKey(key), text, gateway: gatewayUrl(api.gate.rules, req).replace(/^https?:\/\//, '') }, false),
    };
  });
  // Whoever loses the race for a code comes too late for it, as everybody after them.
  if (isRefusal(answered)) return answered.refused === 'conflict' ? DEAD : answered;
  await api.tries.right(address);
  return answered;
}

interface Open {
  pairing: { organization: string; version: number };
  by: Kept<'key'>;
  sight: Sight;
}

/** A pairing that can be claimed now, with the rights of who made it as they are now. */
async function open(api: ApiParts, id: string): Promise<Open | undefined> {
  const { directory, gate } = api;
  const kept = await directory.get('pairing', id);
  if (kept === undefined || kept.body.expiresAt <= gate.ledger.now()) return undefined;
  const by = await directory.get('key', kept.body.by);
  if (by === undefined || !isAlive(by.body, api.now())) return undefined;
  const sight = await sightOf(api, by.body, kept.body);
  return isRefusal(sight) ? undefined : { pairing: { organization: kept.body.organization, version: kept.version }, by, sight };
}

function keyFrom(
  sight: Sight,
  name: string,
  { by, at, secret, text }: { by: Key; at: number; secret: string; text: string },
): Key {
  return {
    ...sight,
    id: `${sight.organization}_browser-${randomBytes(6).toString('hex')}`,
    hash: hashKey(secret, text),
    prefix: prefixOf(text),
    name,
    scope: 'view',
    madeBy: by.scope,
    paired: true,
    limits: { perMinute: null, concurrent: null },
    bypass: false,
    caps: [],
    createdAt: at,
    revokedAt: null,
    replaces: null,
  };
}
