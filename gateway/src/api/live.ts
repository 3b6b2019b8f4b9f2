// GET events: the event stream of a key. What it tells is read by the hub (live/hub.ts); here is who may open one, and where it goes on.
import type { z } from 'zod';
import type { eventsQuery } from '@tollgate/shared/live-contract';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { goesOn, readCursor, type Cursor } from '../live/cursor.ts';
import type { Viewer } from '../live/may-see-event.ts';
import { EVENT_STREAM, Stream } from '../live/stream.ts';
import { keyNow } from './key-now.ts';
import { readBalance } from './balance.ts';
import { keyOf, SENT, type Answered, type ApiParts, type Asking } from './route.ts';

type Query = z.output<typeof eventsQuery>;

/** Goes on behind `Last-Event-ID`; without one, or where that is too long ago, it begins with the present. */
export async function openEvents(api: ApiParts, asking: Asking<Query, unknown>): Promise<Answered | typeof SENT> {
  const { gate, live } = api;
  const { req, res, query } = asking;
  const key = keyOf(asking);
  const asked = readLastEventId(asking);
  if (asked !== undefined && isRefusal(asked)) return asked;
  if (gate.traffic.draining) return refusal('gateway_draining', 'The gateway is shutting down. Come back in a moment.');
  // A context that the key has not is refused now, and not later by a stream without balances.
  if (query.context !== undefined) {
    const first = await balanceOf(api, asking);
    if (isRefusal(first)) return first;
  }
  const end = await live.hub.end();
  // Asked for last, so that no two at once are let in by the same look.
  if (!live.hub.hasRoom(key)) {
    const message = 'Too many event streams are open with this key, or on this gateway. Close one, or ask GET balance instead.';
    return { ...refusal('gateway_busy', message), headers: { 'retry-after': '5' } };
  }
  if (req.method === 'HEAD') {
    // A look at the head alone opens nothing.
    res.writeHead(200, { 'content-type': EVENT_STREAM }).end();
    return SENT;
  }
  const isBehind = asked !== undefined && !goesOn(asked, end);
  // What an operate key named; where it named nothing it watches all organizations, and has no balance to watch.
  const viewer: Viewer = { key, organization: asking.organization };
  const stream = new Stream({
    res,
    viewer,
    from: asked === undefined || isBehind ? end : asked,
    types: new Set(query.types),
    recheck: async () => {
      const again = await gate.identify.identify(req, ['spend', 'view', 'manage', 'operate']);
      // A key that can not be looked up right now has not been revoked: the stream tells nothing while the store does not answer.
      if (isRefusal(again)) return again.refused === 'ledger_unavailable' ? key : undefined;
      const now = await keyNow(api.directory, again).catch(() => key);
      // Who sees another organization now begins anew there.
      return isRefusal(now) || now.organization !== key.organization ? undefined : now;
    },
    balance: async (now) => {
      if (viewer.organization === undefined) return undefined;
      const answered = await balanceOf(api, { ...asking, key: now });
      if (!isRefusal(answered)) return answered.json;
      // The key has lost the context that it asked for: who comes back is told so.
      if (query.context !== undefined && answered.refused === 'scope_insufficient') stream.end();
      return undefined;
    },
    monotonicMs: gate.monotonicMs,
  });
  // Whoever left meanwhile closes nothing any more.
  if (res.destroyed) return SENT;
  // This server lets a client close its side and read on; one that watches sends nothing, and so has left.
  const left = (): void => stream.drop();
  req.socket.once('end', left);
  res.once('close', () => {
    req.socket.off('end', left);
    live.hub.remove(stream);
  });
  stream.open();
  if (isBehind)
    stream.send('reset', { reason: 'What happened since that Last-Event-ID is not told again. Read GET calls and GET balance.' });
  live.hub.add(stream);
  return SENT;
}

function readLastEventId({ req }: Asking<unknown, unknown>): Cursor | undefined | Refusal {
  const text = req.headers['last-event-id'];
  if (text === undefined || text === '') return undefined;
  const message = 'Last-Event-ID takes the id of a message that this stream sent, such as 120.7.';
  return readCursor(String(text)) ?? refusal('input_invalid', message, { field: 'header.last-event-id' });
}

function balanceOf(api: ApiParts, asking: Asking<Query, unknown>): ReturnType<typeof readBalance> {
  const { context } = asking.query;
  return readBalance(api, { ...asking, query: context === undefined ? {} : { context } });
}
