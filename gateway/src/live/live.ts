// Telling, composed: commits wake the webhooks and the event streams, and both read what there is to tell from the store.
import type { Changes } from '../ledger/ledger.ts';
import type { Cards } from '../cards.ts';
import type { Log } from '../log.ts';
import type { Directory } from '../people/directory.ts';
import { createHub, type Hub, type HubParts } from './hub.ts';
import type { LiveStore } from './live-store.ts';
import { startOutlook, type Outlook, type OutlookParts } from './outlook.ts';
import type { Targets } from './target.ts';
import { startWebhooks, type WebhookParts, type Webhooks } from './webhooks.ts';

export interface Live {
  hub: Hub;
  webhooks: Webhooks;
  outlook: Outlook;
  targets: Targets;
  store: LiveStore;
  /** Called after each durable batch. */
  committed(changes: Pick<Changes, 'accounts' | 'events'>): void;
  /** Ends the event streams and takes no new ones: a shutdown does not wait for them. */
  endStreams(): Promise<void>;
  /** Writes nothing any more once it resolves. Before the ledger is closed. */
  stop(): Promise<void>;
}

export interface LiveParts extends HubParts, WebhookParts, OutlookParts {
  store: LiveStore;
  targets: Targets;
  directory: Directory;
  cards: Pick<Cards, 'current'>;
  log: Pick<Log, 'error' | 'warn'>;
}

const LOOK_EVERY_MS = 1_000;

export function startLive(parts: LiveParts): Live {
  const hub = createHub(parts);
  const webhooks = startWebhooks({ ...parts, everyMs: LOOK_EVERY_MS });
  const outlook = startOutlook({ ...parts, everyMs: LOOK_EVERY_MS });
  return {
    hub,
    webhooks,
    outlook,
    targets: parts.targets,
    store: parts.store,
    committed(changes) {
      hub.committed(changes);
      if (changes.events.length > 0) webhooks.wake();
    },
    endStreams: () => hub.stop(),
    async stop() {
      await Promise.all([hub.stop(), outlook.stop(), webhooks.stop()]);
    },
  };
}
