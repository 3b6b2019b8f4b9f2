// One storm: orders and top-ups whose payments are told several times, in any order and all at once, to a gateway whose process dies between any
// two steps. What must come out is known before it begins, from what truly happened to the payments.
import { microcredits } from '@tollgate/shared/credits';
import { loadRateCard } from '@tollgate/shared/rate-card/load';
import { isRefusal } from '../../gateway/src/call/refuse.ts';
import { openLedger } from '../../gateway/src/ledger/commit.ts';
import { LedgerUnavailable, type Ledger } from '../../gateway/src/ledger/ledger.ts';
import { openBuying, type Buying } from '../../gateway/src/payments/buying.ts';
import { placeOrder } from '../../gateway/src/payments/place-order.ts';
import { PaymentsUnavailable, type Payments } from '../../gateway/src/payments/payments.ts';
import { takeEvent } from '../../gateway/src/payments/take-event.ts';
import { openDirectory, putOf, type Directory } from '../../gateway/src/people/directory.ts';
import { newOrganization } from '../../gateway/src/people/first-organization.ts';
import { openMemoryStore } from '../kit/memory-store.ts';
import { randomFrom, type Random } from '../model/random.ts';
import { recordsIn } from './memory-records.ts';
import { PLANS } from './plans.ts';
import { planStorm, shuffled, type Plan, type PlannedOrder } from './storm-plan.ts';
import { whatIsWrong } from './storm-truth.ts';

export interface Storm {
  /** What came out otherwise than it must; empty where nothing did. */
  wrong: readonly string[];
  /** How often something died on the way. */
  deaths: number;
  acts: number;
}

const WHO = { by: 'stripe', user: null, from: '' };
const AT = Date.parse('2026-01-31T12:00:00Z');
const card = cardOf();

export async function storm(seed: number): Promise<Storm> {
  const random = randomFrom(seed);
  const plan = planStorm(random);
  const weather = { isCalm: true, deaths: 0, chance: random.pick([1, 5, 15, 30]) };
  const dies = (): boolean => {
    if (weather.isCalm || !random.percent(weather.chance)) return false;
    weather.deaths += 1;
    return true;
  };
  const store = openMemoryStore();
  // What the disk takes and nobody hears of, and what it does not take.
  const { write } = store;
  store.write = (changes) => {
    store.fault = dies() ? random.pick(['lost', 'unheard'] as const) : 'none';
    return write(changes);
  };
  let at = AT;
  let buying: Buying | undefined;
  const ledger = dying(
    openLedger(store, {
      // Each look at the clock is later: what is decided twice is decided otherwise.
      now: () => (at += 1),
      committed: (changes) => {
        directory.committed(changes);
        buying?.committed(changes);
      },
    }),
    dies,
  );
  const directory: Directory = openDirectory(
    recordsIn(store, dies, () => random.below(3)),
    ledger,
    100,
  );
  const organization = newOrganization({ id: 'acme', name: 'acme', kind: 'company', timeZone: 'Europe/Berlin' });
  const paymentMethod = { adapter: plan.adapter, reference: 'cus_1/pm_1', label: 'a card' };
  await directory.write({
    puts: [putOf('organization', 'acme', 'acme', { ...organization, paymentMethod })],
    audits: [],
    events: [],
  });
  const account = accountOf(plan, dies);
  const noExtra = { extraWindows: () => Promise.resolve([]), extraDrawn: () => Promise.resolve([]) };
  const quiet = { warn: () => undefined, error: () => undefined };
  buying = openBuying({ directory, ledger, payments: account, card: () => card, extra: noExtra, log: quiet }, 1e9);
  weather.isCalm = false;
  const acts = shuffled(random, actsOf(plan, buying, account, random));
  // All at once, or one after the other.
  if (random.percent(70)) await Promise.all(acts.map((act) => untilAnswered(act, weather)));
  else for (const act of acts) await untilAnswered(act, weather);
  weather.isCalm = true;
  // What its client gave up is begun by the watch; the payment account then tells of it as of any other.
  await buying.look();
  for (const told of plan.orders.flatMap(({ messages }) => messages)) await takeEvent(buying, told, WHO);
  await buying.close();
  await ledger.close();
  return { wrong: whatIsWrong(plan, store, account.charged()), deaths: weather.deaths, acts: acts.length };
}

type Act = () => Promise<unknown>;

function actsOf(plan: Plan, buying: Buying, account: Account, random: Random): Act[] {
  /** Nobody tells of a payment before it was asked for; what waits too long for that comes in the end. */
  const isAsked = async (order: string): Promise<boolean> => {
    for (let turns = 0; turns < 20; turns += 1) {
      const isMade = (await buying.directory.get('order', order)) !== undefined;
      if (isMade && (plan.adapter === 'manual' || account.knows(order))) return true;
      await nextTurn();
    }
    return false;
  };
  const orders = plan.orders.flatMap((order) => [
    ...Array.from({ length: order.asks }, () => () => ask(buying, order, random)),
    ...order.messages.map((told) => async () => {
      if (await isAsked(order.id)) await takeEvent(buying, told, WHO);
    }),
  ]);
  const topUps = plan.topUps.flatMap(({ id, credits, times }) =>
    Array.from({ length: times }, () => () => buying.ledger.run({ ...TOP_UP, id, amount: microcredits(credits * 1_000_000) })),
  );
  const strange = plan.strange.map((told) => () => takeEvent(buying, told, WHO));
  const watch = Array.from({ length: random.below(3) }, () => () => buying.look());
  return [...orders, ...topUps, ...strange, ...watch];
}

const TOP_UP = {
  type: 'grant',
  account: 'pool:acme',
  kind: 'top-up',
  priority: 100,
  effectiveAt: null,
  expiresAt: null,
  reason: 'by hand',
  by: 'operator',
} as const;

async function ask(buying: Buying, { id, what, item, pay, givesUp }: PlannedOrder, random: Random): Promise<void> {
  try {
    const placed = await placeOrder(buying, { id, organization: 'acme', what, item, pay }, WHO);
    if (isRefusal(placed)) throw new Error(`${id} was refused: ${placed.message}`);
  } catch (error) {
    // A client may never ask again; whoever wants it, the order must be there for them to be told of.
    if (!givesUp || random.percent(50) || (await buying.directory.get('order', id)) === undefined) throw error;
  }
}

/** Comes again until it is answered, as clients and payment accounts do; the storm passes in the end. */
async function untilAnswered(act: Act, weather: { isCalm: boolean }): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await act();
      return;
    } catch (error) {
      const isDeath = error instanceof LedgerUnavailable || error instanceof PaymentsUnavailable || 'code' in (error as object);
      if (!isDeath) throw error;
      if (tries >= 50) weather.isCalm = true;
    }
  }
}

/** A process that dies before it has asked the ledger, or before it has heard the answer. */
function dying(ledger: Ledger, dies: () => boolean): Ledger {
  return {
    ...ledger,
    run: async (command) => {
      if (dies()) throw new LedgerUnavailable('died before');
      const outcome = await ledger.run(command);
      if (dies()) throw new LedgerUnavailable('died after');
      return outcome;
    },
  };
}

let turn: Promise<void> | undefined;

/** One for all who wait, so that they go on side by side and not one after the other. */
function nextTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  });
  return turn;
}

interface Account extends Payments {
  charged(): readonly string[];
  /** Whether it was asked for the payment of an order. */
  knows(order: string): boolean;
}

/** A payment account that charges each order once, however often it is asked, and does not always answer. */
function accountOf(plan: Plan, dies: () => boolean): Account {
  const known = new Set<string>();
  const charged = new Set<string>();
  const answered = async <T>(answer: () => T): Promise<T> => {
    await Promise.resolve();
    if (dies()) throw new PaymentsUnavailable('died before');
    const said = answer();
    if (dies()) throw new PaymentsUnavailable('died after');
    return said;
  };
  return {
    adapter: plan.adapter,
    charging: plan.adapter === 'manual' ? 'by hand' : 'stripe',
    checkout: ({ id }) =>
      answered(() => {
        known.add(id);
        return { reference: `pay_${id}`, url: `https://pay.example/${id}` };
      }),
    charge: ({ id }) =>
      answered(() => {
        known.add(id);
        const fate = plan.orders.find((order) => order.id === id)?.fate;
        const reference = `pay_${id}`;
        if (fate === 'paid') {
          charged.add(id);
          return { state: 'paid', reference } as const;
        }
        return fate === 'declined'
          ? ({ state: 'declined', reference, reason: 'No.' } as const)
          : ({ state: 'open', reference } as const);
      }),
    setUp: () => Promise.reject(new Error('nobody saves a card in a storm')),
    endMethod: () => Promise.resolve(),
    read: () => Promise.reject(new Error('messages come as they are')),
    charged: () => [...charged],
    knows: (order) => known.has(order),
  };
}

function cardOf() {
  const services =
    'services: { work: { path: /work, upstream: x, operations: [{ id: a, match: GET /a, price: [{ rate: 1 }] }] } }';
  const loaded = loadRateCard(`card: storm\n${services}\n${PLANS}`, { file: 'storm.yaml', version: 'v1' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.card;
}
