// The balance of each pairing in its chosen context, as its gateway told it, with how new that is. Told to whoever shows it.
import { balance as balanceShape } from '@tollgate/shared/balance-contract';
import { usage } from '@tollgate/shared/usage-contract';
import type { Balance, Pairing, Standing } from '../messages.ts';
import { askGateway, onHeard } from './gateway.ts';
import { withBalance, withBeat, withContext, without, withProblem, withSpentToday, type AllKnown } from './known.ts';
import { KEY_GONE } from './key-gone.ts';
import { linkOf } from './link.ts';
import { listeners } from './listeners.ts';
import { keepContexts, onPairings, pairingOf, pairings } from './pairings.ts';
import { knownItem } from './storage.ts';
import { whereRoom } from './stored.ts';

const changed = listeners<[standings: readonly Standing[]]>();
/** Called with all standings whenever one of them changed, its link included. */
export const onStanding = changed.on;

/** The stream of a pairing that has told its balance and is open; known to this life of the worker alone, as the streams are. */
const streaming = new Map<string, object>();
const asking = new Map<string, Promise<void>>();

export async function standings(): Promise<readonly Standing[]> {
  const [all, known] = await Promise.all([pairings(), knownItem.get()]);
  const now = Date.now();
  return all.map((pairing) => {
    const of = known[pairing.id];
    const isOfContext = of !== undefined && of.context === pairing.context;
    return {
      pairing,
      balance: isOfContext ? of.balance : null,
      asOf: isOfContext ? of.asOf : null,
      link: linkOf(of, streaming.has(pairing.id), now),
      problem: of?.problem ?? null,
      spentToday: isOfContext ? of.spentToday : null,
    };
  });
}

/** Asks the gateway now. Who asks of the same context while that is under way gets the same answer. */
export async function refresh(id: string): Promise<void> {
  const pairing = await pairingOf(id);
  if (pairing === undefined) return;
  const name = `${id} ${pairing.context}`;
  const running = asking.get(name) ?? refreshNow(pairing).finally(() => asking.delete(name));
  asking.set(name, running);
  await running;
}

/** What the gateway says was charged since midnight, where the viewer is. */
export async function refreshToday(id: string): Promise<void> {
  const pairing = await pairingOf(id);
  if (pairing === undefined) return;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const query = { by: 'day', days: 1, zone };
  const asked = await askGateway(id, 'GET', 'usage', { answer: usage, query, context: pairing.context });
  // Where the gateway can not cut at this zone's midnight it tells of another one's day, which is not today's.
  const isToday = asked.ok && asked.body.zone === zone;
  await change((all) => withSpentToday(all, pairing, isToday ? asked.body.total : null));
}

/** A balance that the gateway told; `stream` is the open stream that told it, and keeps it new from now on. */
export async function tellBalance(id: string, context: string, balance: Balance, stream?: object): Promise<void> {
  const pairing = await pairingOf(id);
  if (pairing === undefined || pairing.context !== context) return;
  if (stream !== undefined) streaming.set(id, stream);
  await change((all) => withBalance(all, pairing, balance, Date.now()));
  await whereRoom(keepContexts(id, contextsOf(balance)));
}

/** A stream is open no more; what it told was true until it was last heard. */
export async function tellStreamEnd(id: string, stream: object, heardAt: number): Promise<void> {
  if (streaming.get(id) !== stream) return;
  streaming.delete(id);
  await knownItem.change((all) => withBeat(all, id, heardAt));
  await tellStandings();
}

/** Links grow old by time alone. */
export async function tellStandings(): Promise<void> {
  await changed.tell(await standings());
}

/** Registers what standings follow from; called once, when the worker starts. */
export function watchStandings(): void {
  onHeard(async (id, problem) => {
    const pairing = await pairingOf(id);
    if (pairing === undefined) return;
    const isOffline = (await knownItem.get())[id]?.problem?.code === 'offline';
    // It answers again, or did not while its stream is open: what it has to say of the balance is asked now and not at the next alarm.
    // Nobody waits for it here.
    const isDoubtful = problem === null ? isOffline : streaming.has(id) && !KEY_GONE.has(problem.code);
    if (isDoubtful) void refresh(id);
    else if (problem !== null) await change((all) => withProblem(all, id, pairing.context, problem));
  });
  onPairings(async (all) => {
    await knownItem.change((known) => {
      const ids = new Set(all.map(({ id }) => id));
      const gone = Object.keys(known).filter((id) => !ids.has(id));
      return all.reduce(withContext, gone.reduce(without, known));
    });
    await tellStandings();
  });
}

async function refreshNow(pairing: Pairing): Promise<void> {
  const { id } = pairing;
  const asked = await askGateway(id, 'GET', 'balance', { answer: balanceShape, context: pairing.context });
  if (asked.ok) {
    await tellBalance(id, pairing.context, asked.body);
    await refreshToday(id);
    return;
  }
  await change((all) => withProblem(all, id, pairing.context, asked.problem));
  if (asked.status !== null && asked.status >= 400 && asked.status < 500 && asked.status !== 401) await leaveContext(pairing);
}

/** The person may spend in the chosen context no more: the gateway says which there are, and the first is chosen. */
async function leaveContext({ id, context }: Pairing): Promise<void> {
  const asked = await askGateway(id, 'GET', 'balance', { answer: balanceShape });
  if (!asked.ok) return;
  await whereRoom(keepContexts(id, contextsOf(asked.body)));
  const chosen = await pairingOf(id);
  if (chosen !== undefined && chosen.context !== context) await refreshNow(chosen);
}

async function change(next: (all: AllKnown) => AllKnown): Promise<void> {
  let before: AllKnown | undefined;
  const after = await knownItem.change((all) => next((before = all)));
  if (after !== before) await tellStandings();
}

/** As they are named by a pairing. */
export function contextsOf({ contexts }: Balance): Pairing['contexts'] {
  return contexts.map(({ organization, workspace, kind }) => ({ id: `${organization}/${workspace}`, kind }));
}
