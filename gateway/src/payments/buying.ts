// Buying, put together: what is asked for, what the payment account tells, and what is watched: pools that run low, bills of cycles that have
// ended, and orders that were left half-way. Whatever is missed by one look is found by the next, because each looks at what is kept.
import type { Changes } from '../ledger/ledger.ts';
import type { Directory, Kept } from '../people/directory.ts';
import type { AutoPurchase, Order, Organization } from '../people/documents.ts';
import { checkAutoPurchase } from './auto-purchase.ts';
import { beginPayment, isUnbegun } from './begin-payment.ts';
import { billExtra } from './bill.ts';
import { organizationOfWindow } from './extra-cycles.ts';
import { GATEWAY, type BuyingParts } from './parts.ts';
import { createRefusedSignatures, type RefusedSignatures } from './refused-signatures.ts';
import { finishPaid } from './take-paid.ts';

export interface Buying extends BuyingParts {
  refusedSignatures: RefusedSignatures;
  /** Called after each durable batch. */
  committed(changes: Pick<Changes, 'accounts' | 'windows' | 'records'>): void;
  /** Looks at everything once, and resolves when that is done. */
  look(): Promise<void>;
  close(): Promise<void>;
}

// A pool that runs low is looked at at once; this is for what only time changes.
const LOOK_EVERY_MS = 20_000;
/** Below its threshold a pool changes with each call, and a purchase is on its way: one look a second is enough. */
const POOL_EVERY_MS = 1_000;
const PAGE = 500;
const STOP_MS = 2_000;

export function openBuying(given: BuyingParts, everyMs = LOOK_EVERY_MS): Buying {
  const { log } = given;
  let hasRead = false;
  /** What was written and not heard of is found by reading everything again. */
  const directory: Directory = {
    ...given.directory,
    async write(command) {
      try {
        return await given.directory.write(command);
      } catch (error) {
        hasRead = false;
        throw error;
      }
    },
  };
  const parts: BuyingParts = { ...given, directory };
  /** Those that buy by themselves, with their thresholds. */
  const auto = new Map<string, number>();
  const looking = new Map<string, Promise<void>>();
  const lookedAt = new Map<string, number>();
  const soon = new Map<string, NodeJS.Timeout>();
  /** Those that have drawn extra credits. */
  const extra = new Set<string>();
  /** Orders that are paid and not granted yet, or that the payment account does not know of yet. */
  const unfinished = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  function noteOrganization(organization: Organization): void {
    const { id } = organization;
    if (!buysByItself(organization)) {
      auto.delete(id);
      return;
    }
    auto.set(id, organization.autoPurchase.threshold);
    // Whoever sets it up, or resumes it, may have too little already.
    lookAtPoolSoon(id);
  }

  function noteOrder(order: Order): void {
    if (isUnfinished(parts, order)) unfinished.add(order.id);
    else unfinished.delete(order.id);
  }

  /** What fails is told and tried again with the next look: nobody waits for it here. */
  async function quietly(what: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      log.warn({ error: String(error) }, `${what}; it is tried again`);
    }
  }

  /** One look at a time for each pool. */
  function lookAtPool(organization: string): Promise<void> {
    const underWay = looking.get(organization);
    if (underWay !== undefined) return underWay;
    const lookedUp = quietly(`auto-purchase of ${organization} could not be looked at`, async () => {
      if (!isClosed) await checkAutoPurchase(parts, organization);
    }).finally(() => {
      looking.delete(organization);
      lookedAt.set(organization, performance.now());
    });
    looking.set(organization, lookedUp);
    return lookedUp;
  }

  /** At once, or a second after the last look: what was noticed in between is not lost. */
  function lookAtPoolSoon(organization: string): void {
    if (soon.has(organization) || isClosed) return;
    const waitMs = Math.max(0, (lookedAt.get(organization) ?? -Infinity) + POOL_EVERY_MS - performance.now());
    const again = (): void => {
      soon.delete(organization);
      if (looking.has(organization)) lookAtPoolSoon(organization);
      else void lookAtPool(organization);
    };
    soon.set(organization, setTimeout(again, looking.has(organization) ? POOL_EVERY_MS : waitMs).unref());
  }

  async function finish(id: string): Promise<void> {
    const order = (await directory.get('order', id))?.body;
    if (order === undefined || order.state !== 'open') unfinished.delete(id);
    else if (order.paidAt !== null) await finishPaid(parts, order, GATEWAY);
    else await beginPayment(parts, order);
  }

  /** What was there before this process was. A page may be older than what was noted meanwhile, so it only adds; a look reads anew. */
  async function readAll(): Promise<void> {
    for await (const { body } of pagesOf(directory, 'organization'))
      if (buysByItself(body)) auto.set(body.id, body.autoPurchase.threshold);
    for await (const { body } of pagesOf(directory, 'order')) if (isUnfinished(parts, body)) unfinished.add(body.id);
    for (const { id } of await parts.extra.extraWindows()) extra.add(organizationOfWindow(id));
  }

  async function lookOnce(): Promise<void> {
    // As they are now: what is left unfinished again waits for the next look.
    const orders = Array.from(unfinished);
    for (const id of orders) await quietly(`order ${id} is not finished`, () => finish(id));
    for (const id of extra) await quietly(`the extra credits of ${id} could not be billed`, () => billExtra(parts, id));
    for (const id of auto.keys()) await lookAtPool(id);
  }

  function look(): Promise<void> {
    running = running.then(() =>
      quietly('orders and pools could not be read', async () => {
        if (!hasRead) {
          hasRead = true;
          await readAll().catch((error: unknown) => {
            hasRead = false;
            throw error;
          });
        }
        await lookOnce();
      }),
    );
    return running;
  }

  async function lookFromNowOn(): Promise<void> {
    await look();
    if (!isClosed) timer = setTimeout(() => void lookFromNowOn(), everyMs).unref();
  }

  void lookFromNowOn();
  return {
    ...parts,
    refusedSignatures: createRefusedSignatures(directory, () => performance.now()),
    look,
    committed({ accounts, windows, records }) {
      for (const { kind, body } of records) {
        if (body === null) continue;
        if (kind === 'organization') noteOrganization(body as unknown as Organization);
        else if (kind === 'order') noteOrder(body as unknown as Order);
      }
      if (auto.size > 0) {
        for (const { id, balance, held } of accounts) {
          const threshold = id.startsWith('pool:') ? auto.get(id.slice('pool:'.length)) : undefined;
          if (threshold !== undefined && balance - held < threshold) lookAtPoolSoon(id.slice('pool:'.length));
        }
      }
      for (const { id } of windows) if (id.startsWith('extra:')) extra.add(organizationOfWindow(id));
    },
    async close() {
      isClosed = true;
      for (const waiting of [timer, ...soon.values()]) clearTimeout(waiting);
      // What a payment account does not answer in time is found open at the next start.
      let late: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => (late = setTimeout(resolve, STOP_MS)));
      await Promise.race([Promise.all([running, ...looking.values()]), tooLong]);
      clearTimeout(late);
    },
  };
}

function buysByItself(organization: Organization): organization is Organization & { autoPurchase: AutoPurchase } {
  const { autoPurchase, closedAt } = organization;
  return autoPurchase !== null && autoPurchase.paused === null && closedAt === null;
}

/** Paid and not granted yet, or not known to the payment account yet. */
function isUnfinished(parts: BuyingParts, order: Order): boolean {
  return (order.state === 'open' && order.paidAt !== null) || isUnbegun(parts, order);
}

async function* pagesOf<K extends 'organization' | 'order'>(directory: Directory, kind: K): AsyncGenerator<Kept<K>> {
  let after: string | undefined;
  do {
    const page = await directory.list(kind, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    yield* page;
    after = page.length < PAGE ? undefined : page.at(-1)?.body.id;
  } while (after !== undefined);
}
