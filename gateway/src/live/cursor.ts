// How far a stream has come: the entries of the ledger and the events that it has told of, `<entry>.<event>`. It is the id of each message,
// so that `Last-Event-ID` goes on exactly behind what the client has seen.

export interface Cursor {
  /** The number of an entry, over all accounts. */
  entry: number;
  /** The number of an event. */
  event: number;
}

export function cursorText({ entry, event }: Cursor): string {
  return `${entry}.${event}`;
}

/** Undefined where the text is no cursor. */
export function readCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(text);
  return match === null ? undefined : { entry: Number(match[1]), event: Number(match[2]) };
}

// What a client that was away may have missed of the whole gateway, and is still looked through: longer ago, it gets the present instead.
const ENTRIES_MOST = 100_000;
const EVENTS_MOST = 10_000;

/** Whether a client may go on from here. One that is ahead of the store has seen another store. */
export function goesOn(from: Cursor, end: Cursor): boolean {
  const [entries, events] = [end.entry - from.entry, end.event - from.event];
  return entries >= 0 && entries <= ENTRIES_MOST && events >= 0 && events <= EVENTS_MOST;
}
