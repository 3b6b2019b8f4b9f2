// Buying, put together: what is asked for, what the payment account tells, and what is watched: pools that run low, bills of cycles that have
// ended, and orders that were left half-way. Whatever is missed by one look is found by the next, because each looks at what is kept.
import type { Changes } from '../ledger/ledger.ts';
import type { Directory } from '../people/directory.ts';
import type { Order, Organization } from '../people/documents.ts';
import { eachOf } from '../people/each-of.ts';
import { beginPayment, isUnbegun } from './begin-payment.ts';
import { billExtra } from './bill.ts';
import { organizationOfWindow } from './extra-cycles.ts';
import { GATEWAY, quietly, type BuyingParts } from './parts.ts';
import { createRefusedSignatures, type RefusedSignatures } from './refused-signatures.ts';
import { finishPaid } from './take-paid.ts';
import { watchPools } from './watch-pools.ts';

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
const STOP_MS = 2_000;
// A payment account that hangs holds up so many of a look, and not all of them.
const AT_ONCE = 10;

export function openBuying(given: BuyingParts, everyMs = LOOK_EVERY_MS): Buying {
  let hasRead = false;
  const directory = noticing(given.directory, () => (hasRead = false));
  const parts: BuyingParts = { ...given, directory };
  const pools = watchPools(parts);
  /** Those that have drawn extra credits. */
  const extra = new Set<string>();
  /** Orders that are paid and not granted yet, or that the payment account does not know of yet. */
  const unfinished = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  function noteOrder(order: Order): void {
    if (isUnfinished(parts, order)) unfinished.add(order.id);
    else unfinished.delete(order.id);
  }

  async function finish(id: string): Promise<void> {
    const order = (await directory.get('order', id))?.body;
    if (order === undefined || order.state !== 'open') unfinished.delete(id);
    else if (order.paidAt !== null) await finishPaid(parts, order, GATEWAY);
    else await beginPayment(parts, order);
  }

  /** What was there before this process was. A page may be older than what was noted meanwhile; a look reads each anew. */
  async function readAll(): Promise<void> {
    await eachOf(directory, 'organization', {}, (body) => {
      if (body.autoPurchase?.paused === null) pools.note(body);
      return body.id;
    });
    await eachOf(directory, 'order', {}, (body) => {
      if (isUnfinished(parts, body)) unfinished.add(body.id);
      return body.id;
    });
    for (const { id } of await parts.extra.extraWindows()) extra.add(organizationOfWindow(id));
  }

  async function lookOnce(): Promise<void> {
    if (!hasRead) {
      hasRead = true;
      await readAll().catch((error: unknown) => {
        hasRead = false;
        throw error;
      });
    }
    await together(unfinished, (id) => quietly(parts, `order ${id} is not finished`, () => finish(id)));
    await together(extra, (id) => quietly(parts, `the extra credits of ${id} could not be billed`, () => billExtra(parts, id)));
    await together(pools.organizations(), (id) => pools.look(id));
  }

  function look(): Promise<void> {
    running = running.then(() => quietly(parts, 'orders and pools could not be read', lookOnce));
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
        if (kind === 'organization') pools.note(body as unknown as Organization);
        else if (kind === 'order') noteOrder(body as unknown as Order);
      }
      pools.changed(accounts);
      for (const { id } of windows) if (id.startsWith('extra:')) extra.add(organizationOfWindow(id));
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      // What a payment account does not answer in time is found open at the next start.
      let late: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => (late = setTimeout(resolve, STOP_MS)));
      await Promise.race([Promise.all([running, pools.stop()]), tooLong]);
      clearTimeout(late);
    },
  };
}

/** A write that nobody heard of may have been done: then everything is read again. */
function noticing(directory: Directory, unheard: () => void): Directory {
  return {
    ...directory,
    async write(command) {
      try {
        return await directory.write(command);
      } catch (error) {
        unheard();
        throw error;
      }
    },
  };
}

/** Paid and not granted yet, or not known to the payment account yet. */
function isUnfinished(parts: BuyingParts, order: Order): boolean {
  return (order.state === 'open' && order.paidAt !== null) || isUnbegun(parts, order);
}

/** All that there are now: what is added meanwhile waits for the next look. */
async function together(ids: Iterable<string>, run: (id: string) => Promise<void>): Promise<void> {
  const waiting = [...ids];
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await run(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
