// The pools of those who buy by themselves: looked at when they run low, and from time to time for what only time changes.
import type { Account } from '../ledger/rows.ts';
import type { AutoPurchase, Organization } from '../people/documents.ts';
import { checkAutoPurchase } from './auto-purchase.ts';
import { quietly, type BuyingParts } from './parts.ts';

export interface PoolWatch {
  /** What an organization has set now. */
  note(organization: Organization): void;
  /** Accounts as a batch has left them. */
  changed(accounts: readonly Pick<Account, 'id' | 'balance' | 'held'>[]): void;
  /** Looks at one pool; one look at a time for each. */
  look(organization: string): Promise<void>;
  organizations(): readonly string[];
  /** Resolves when no look is under way any more. */
  stop(): Promise<void>;
}

/** Below its threshold a pool changes with each call, and a purchase is on its way: one look a second is enough. */
const EVERY_MS = 1_000;
const POOL = 'pool:';

export function watchPools(parts: BuyingParts): PoolWatch {
  /** Those that buy by themselves, with their thresholds. */
  const thresholds = new Map<string, number>();
  const looking = new Map<string, Promise<void>>();
  const lookedAt = new Map<string, number>();
  const soon = new Map<string, NodeJS.Timeout>();
  let isStopped = false;

  function look(organization: string): Promise<void> {
    const underWay = looking.get(organization);
    if (underWay !== undefined) return underWay;
    const looked = quietly(parts, `auto-purchase of ${organization} could not be looked at`, async () => {
      if (!isStopped) await checkAutoPurchase(parts, organization);
    }).finally(() => {
      looking.delete(organization);
      lookedAt.set(organization, performance.now());
    });
    looking.set(organization, looked);
    return looked;
  }

  /** At once, or a second after the last look: what was noticed in between is not lost. */
  function lookSoon(organization: string): void {
    if (soon.has(organization) || isStopped) return;
    const waitMs = Math.max(0, (lookedAt.get(organization) ?? -Infinity) + EVERY_MS - performance.now());
    const again = (): void => {
      soon.delete(organization);
      if (looking.has(organization)) lookSoon(organization);
      else void look(organization);
    };
    soon.set(organization, setTimeout(again, looking.has(organization) ? EVERY_MS : waitMs).unref());
  }

  return {
    look,
    organizations: () => [...thresholds.keys()],
    note(organization) {
      const { id } = organization;
      if (!buysByItself(organization)) {
        thresholds.delete(id);
        return;
      }
      thresholds.set(id, organization.autoPurchase.threshold);
      // Whoever sets it up, or resumes it, may have too little already.
      lookSoon(id);
    },
    changed(accounts) {
      if (thresholds.size === 0) return;
      for (const { id, balance, held } of accounts) {
        if (!id.startsWith(POOL)) continue;
        const organization = id.slice(POOL.length);
        const threshold = thresholds.get(organization);
        if (threshold !== undefined && balance - held < threshold) lookSoon(organization);
      }
    },
    async stop() {
      isStopped = true;
      for (const waiting of soon.values()) clearTimeout(waiting);
      await Promise.all(looking.values());
    },
  };
}

function buysByItself(organization: Organization): organization is Organization & { autoPurchase: AutoPurchase } {
  const { autoPurchase, closedAt } = organization;
  return autoPurchase !== null && autoPurchase.paused === null && closedAt === null;
}
