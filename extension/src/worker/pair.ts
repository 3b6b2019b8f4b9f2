// Pairing: a code is exchanged for a key of this browser's own, which sees and never spends. Either all of it is kept, or nothing is and
// the new key is revoked.
import { balance as balanceShape } from '@tollgate/shared/balance-contract';
import type { Paired } from '@tollgate/shared/pairing-contract';
import type { Pairing, Problem } from '../messages.ts';
import { askGateway, claimKey, giveKeyBack, keepKey } from './gateway.ts';
import { pairingId } from './gateway-of.ts';
import { readPairingText } from './pairing-text.ts';
import { dropPairing, pairingOf, pairings, putPairing } from './pairings.ts';
import { inputInvalid, keySpends, pairOffline, permissionMissing, storageFull } from './problems.ts';
import { changeSettings, settings } from './settings.ts';
import { isGranted } from './sites.ts';
import { contextsOf, refresh } from './standing.ts';
import { ownTags, placesItem } from './storage.ts';
import { StorageFull } from './stored.ts';
import { revokeKey } from './unpair.ts';

const NAME_MOST = 200;

export type PairAnswer = { ok: true; answer: { pairing: Pairing } } | { ok: false; problem: Problem };

/** @param name what the key is called at the gateway: "Chrome on Linux" */
export async function pair(text: string, name: string, now = Date.now()): Promise<PairAnswer> {
  const read = readPairingText(text);
  if (read === undefined) return { ok: false, problem: inputInvalid('worker_pair_unread') };
  if (!(await isGranted(read.url))) return { ok: false, problem: permissionMissing(read.url) };
  const claimed = await claimKey(read.url, read.code, name);
  // One answer of the gateway for unknown, used and expired, which says so.
  if (!claimed.ok) return { ok: false, problem: notClaimed(claimed.problem, read.url) };
  // A browser holds no key that can spend, whoever gave it.
  if (claimed.body.key.scope !== 'view') {
    await giveKeyBack(read.url, claimed.body.text);
    return { ok: false, problem: keySpends(read.url) };
  }
  const pairing = await pairingFrom(read.url, claimed.body, now);
  const before = (await pairings()).find((one) => isSamePerson(one, pairing));
  try {
    await putPairing(pairing, before?.id);
    if (before !== undefined) await takePlaceOf(before.id, pairing.id);
    await changeSettings({ shown: pairing.id });
  } catch (error) {
    await revokeKey(pairing.id);
    await dropPairing(pairing.id).catch(() => undefined);
    if (before !== undefined) await putPairing(before).catch(() => undefined);
    if (error instanceof StorageFull) return { ok: false, problem: storageFull() };
    throw error;
  }
  if (before !== undefined) await revokeKey(before.id);
  await refresh(pairing.id);
  return { ok: true, answer: { pairing: (await pairingOf(pairing.id)) ?? pairing } };
}

/** Of what is not paired yet, nothing is asked again by itself. */
function notClaimed(problem: Problem, url: string): Problem {
  if (problem.code === 'offline') return pairOffline(url);
  return problem.code === 'not_found' ? { ...problem, code: 'code_unknown' } : problem;
}

/** With the contexts that the gateway tells; where it does not answer just now, with the key's own place. @throws StorageFull */
async function pairingFrom(url: string, { key, text, gateway }: Paired, now: number): Promise<Pairing> {
  const id = pairingId(url, key.id);
  await keepOrGiveBack(id, url, text);
  const context = `${key.organization}/${key.workspace}`;
  const asked = await askGateway(id, 'GET', 'balance', { answer: balanceShape });
  const contexts = asked.ok ? contextsOf(asked.body) : [];
  return {
    id,
    url,
    name: gateway.slice(0, NAME_MOST),
    pairedAt: now,
    keyId: key.id,
    organization: key.organization,
    user: key.user,
    context: contexts.some((one) => one.id === context) ? context : (contexts[0]?.id ?? context),
    contexts,
  };
}

async function keepOrGiveBack(id: string, url: string, text: string): Promise<void> {
  try {
    await keepKey(id, text);
  } catch (error) {
    await giveKeyBack(url, text);
    throw error;
  }
}

function isSamePerson(one: Pairing, other: Pairing): boolean {
  if (one.url !== other.url || one.organization !== other.organization || one.user !== other.user) return false;
  // Keys that are nobody's are told apart by what they see.
  return one.user !== null || JSON.stringify(one.contexts) === JSON.stringify(other.contexts);
}

/** What was made for the pairing before is for this one: own tags are not lost with a key that was revoked. */
async function takePlaceOf(before: string, id: string): Promise<void> {
  await ownTags.change((all) => all.map((tag) => (tag.pairing === before ? { ...tag, pairing: id } : tag)));
  await placesItem.change((places) => Object.fromEntries(Object.entries(places).filter(([one]) => one !== before)));
  const { shown } = await settings();
  if (shown === before) await changeSettings({ shown: id });
}
