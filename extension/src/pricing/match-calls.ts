// Which click a call belongs to: never by time alone. A call is put to a click where the click expects its operation, the call began after
// it by the page's own clock, and no other click fits. What more than one click could have caused stays without one.

export interface Click {
  key: string;
  /** The frame's own clock, in milliseconds. */
  at: number;
  pairing: string;
  /** What had ended before the click, by the gateway's clock, epoch milliseconds: its own call was held later. */
  since: number;
  /** How many calls of each operation it can still cause. */
  expects: Readonly<Record<string, number>>;
}

/** A call that the page named and that the paired gateway knows. */
export interface NamedCall {
  id: string;
  pairing: string;
  operation: string;
  startedAt: number;
  /** By the gateway's clock, epoch milliseconds. */
  heldAt: number;
}

export interface Matched {
  placed: readonly { call: NamedCall; key: string }[];
  /** With what each of them still expects. */
  clicks: readonly Click[];
  /** Several clicks fit, so that none is known to be its own; one of them may turn out to be another's. */
  open: readonly NamedCall[];
}

/** Each placed call may settle which click another one belongs to, so that it is gone through again. */
export function matchCalls(given: readonly Click[], named: readonly NamedCall[]): Matched {
  let clicks = given;
  let open = named.toSorted((a, b) => a.startedAt - b.startedAt);
  const placed: { call: NamedCall; key: string }[] = [];
  for (;;) {
    const found = firstThatFitsOne(clicks, open);
    if (found === undefined) return { placed, clicks, open };
    const { call, click } = found;
    placed.push({ call, key: click.key });
    clicks = clicks.flatMap((one) => (one === click ? without(one, call.operation) : one));
    open = open.filter((one) => one !== call);
  }
}

function firstThatFitsOne(clicks: readonly Click[], open: readonly NamedCall[]): { call: NamedCall; click: Click } | undefined {
  for (const call of open) {
    const fitting = clicks.filter(
      ({ at, since, pairing, expects }) =>
        at <= call.startedAt &&
        since <= call.heldAt &&
        pairing === call.pairing &&
        Object.hasOwn(expects, call.operation) &&
        expects[call.operation] !== 0,
    );
    const [click] = fitting;
    // Several clicks on one element are one place.
    if (click !== undefined && fitting.every(({ key }) => key === click.key)) return { call, click };
  }
  return undefined;
}

function without(click: Click, operation: string): Click[] {
  const expects = { ...click.expects, [operation]: (click.expects[operation] ?? 0) - 1 };
  return Object.values(expects).some((count) => count > 0) ? [{ ...click, expects }] : [];
}
