// What streams have not told yet, read in pieces: streams that are equally far share one read, and a stream that is far behind never makes
// the others wait for more than a piece of it.
import type { Call, LedgerEvent } from '../ledger/rows.ts';
import { organizationOf } from '../people/ids.ts';
import type { Key } from '../keys/key.ts';
import type { LiveStore } from './live-store.ts';
import { maySeeEvent } from './may-see-event.ts';
import type { Stream } from './stream.ts';
import { tell } from './tell.ts';

export interface FeedParts {
  store: Pick<LiveStore, 'lastEntry' | 'lastEvent' | 'charged' | 'events'>;
  /** The rule of GET calls. */
  maySeeCall: (key: Key, call: Call) => boolean;
  /** A call as GET calls shows it. */
  showCall: (call: Call) => object;
}

const ENTRIES_AT_ONCE = 1_000;
const EVENTS_AT_ONCE = 200;

/** Brings each stream forward to `upTo`, or by one piece. */
export async function feedReceipts(
  { store, maySeeCall, showCall }: FeedParts,
  streams: readonly Stream[],
  upTo: number,
): Promise<void> {
  for (const [after, group] of groupsBy(streams, ({ cursor }) => cursor.entry)) {
    if (after >= upTo) continue;
    const until = Math.min(upTo, after + ENTRIES_AT_ONCE);
    const organizations = organizationsOf(group);
    const charged = await store.charged({ after, upTo: until, ...(organizations === undefined ? {} : { organizations }) });
    for (const { entry, call } of charged) {
      const receipt = showCall(call);
      const owner = organizationOf(call.about.workspace);
      for (const stream of group) {
        const { key, organization = owner } = stream.viewer;
        // An operate key may see all calls, and asked for those of one organization.
        if (!maySeeCall(key, call) || (key.scope === 'operate' && organization !== owner)) continue;
        stream.cursor = { ...stream.cursor, entry };
        stream.send('receipt', receipt);
      }
    }
    for (const stream of group) stream.cursor = { ...stream.cursor, entry: until };
  }
}

/** The same for the list of events. */
export async function feedEvents({ store }: FeedParts, streams: readonly Stream[], upTo: number): Promise<void> {
  for (const [after, group] of groupsBy(streams, ({ cursor }) => cursor.event)) {
    if (after >= upTo) continue;
    const organizations = organizationsOf(group);
    const [only] = organizations?.length === 1 ? organizations : [];
    const found = await store.events({ after, limit: EVENTS_AT_ONCE, ...(only === undefined ? {} : { organization: only }) });
    for (const event of found) tellEvent(group, event);
    const last = found.length < EVENTS_AT_ONCE ? upTo : (found.at(-1)?.number ?? upTo);
    for (const stream of group) stream.cursor = { ...stream.cursor, event: Math.max(last, stream.cursor.event) };
  }
}

function tellEvent(group: readonly Stream[], event: LedgerEvent & { number: number }): void {
  const { timestamp, data } = tell(event);
  for (const stream of group) {
    if (!maySeeEvent(stream.viewer, event)) continue;
    stream.cursor = { ...stream.cursor, event: event.number };
    stream.send(event.type, { type: event.type, timestamp, data });
  }
}

function groupsBy(streams: readonly Stream[], placeOf: (stream: Stream) => number): Map<number, Stream[]> {
  return Map.groupBy(streams, placeOf);
}

/** The organizations in which a group may spend or look; undefined where one of them watches all. */
function organizationsOf(group: readonly Stream[]): string[] | undefined {
  const watched = new Set<string>();
  for (const { viewer } of group) {
    if (viewer.organization === undefined) return undefined;
    watched.add(viewer.organization);
    for (const context of viewer.key.contexts) watched.add(organizationOf(context));
  }
  return [...watched];
}
