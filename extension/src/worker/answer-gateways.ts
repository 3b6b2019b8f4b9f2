// What pages ask about gateways: pairing, balances, calls, charts. Answered by the gateway, in its own shapes.
import { calls as callsShape, receipt as receiptShape } from '@tollgate/shared/contract';
import { usage as usageShape } from '@tollgate/shared/usage-contract';
import type { Answer, AskName, Asks, Pairing } from '../messages.ts';
import { knownCard } from '../pricing/known-cards.ts';
import { choose } from './choose.ts';
import { askGateway, type Asked } from './gateway.ts';
import { pair } from './pair.ts';
import { pairingOf } from './pairings.ts';
import { contextGone, pairingGone } from './problems.ts';
import { settings } from './settings.ts';
import { refresh, standings } from './standing.ts';
import { unpair } from './unpair.ts';

type Handler<Name extends AskName> = (given: Asks[Name]['with']) => Promise<Answer<Name>>;

export const answerStandings: Handler<'standings'> = async () => ({
  ok: true,
  answer: { standings: await standings(), settings: await settings() },
});

export const answerPair: Handler<'pair'> = ({ text, name }) => pair(text, name);

export const answerUnpair: Handler<'unpair'> = (given) =>
  withPairing(given.pairing, async ({ id }) => ({ ok: true, answer: { revoked: await unpair(id) } }));

export const answerChoose: Handler<'choose'> = (given) =>
  withPairing(given.pairing, async ({ id }) => {
    const pairing = await choose(id, given.context);
    return pairing === undefined ? { ok: false, problem: contextGone(given.context) } : { ok: true, answer: { pairing } };
  });

export const answerRefresh: Handler<'refresh'> = (given) =>
  withPairing(given.pairing, async ({ id }) => {
    await refresh(id);
    return { ok: true, answer: {} };
  });

/** Of the chosen context. */
export const answerCalls: Handler<'calls'> = ({ pairing, before, limit }) =>
  withPairing(pairing, async (of) => {
    const query = { limit, ...workspaceOf(of), ...(before === null ? {} : { before }) };
    return bodyOf(await askGateway(of.id, 'GET', 'calls', { answer: callsShape, query }));
  });

export const answerReceipt: Handler<'receipt'> = ({ pairing, id }) =>
  withPairing(pairing, async (of) =>
    bodyOf(await askGateway(of.id, 'GET', `calls/${encodeURIComponent(id)}`, { answer: receiptShape })),
  );

/** Days are those of the viewer's zone. */
export const answerUsage: Handler<'usage'> = ({ pairing, by, days }) =>
  withPairing(pairing, async ({ id, context }) => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    return bodyOf(await askGateway(id, 'GET', 'usage', { answer: usageShape, query: { by, days, zone }, context }));
  });

export const answerOperations: Handler<'operations'> = (given) =>
  withPairing(given.pairing, async ({ id }) => {
    const card = await knownCard(id);
    if (!('tags' in card)) return { ok: false, problem: card };
    const { operations, rateCard } = card.tags;
    return { ok: true, answer: { operations, rateCard: `${rateCard.name} ${rateCard.version}` } };
  });

async function withPairing<Answered>(
  id: string,
  answer: (pairing: Pairing) => Promise<Answered>,
): Promise<Answered | ReturnType<typeof gone>> {
  const pairing = await pairingOf(id);
  return pairing === undefined ? gone() : answer(pairing);
}

function gone(): { ok: false; problem: ReturnType<typeof pairingGone> } {
  return { ok: false, problem: pairingGone() };
}

function bodyOf<Body>(asked: Asked<Body>): { ok: true; answer: Body } | Extract<Asked<Body>, { ok: false }> {
  return asked.ok ? { ok: true, answer: asked.body } : asked;
}

/** Workspaces are named within their organization; a key's contexts in others are seen by all of its calls. */
function workspaceOf({ context, organization }: Pairing): { workspace?: string } {
  const [of, workspace] = context.split('/');
  return of === organization && workspace !== undefined && workspace !== '' ? { workspace } : {};
}
