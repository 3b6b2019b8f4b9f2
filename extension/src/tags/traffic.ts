// Calls that the page's own traffic names, by `Server-Timing: credits;desc="<callId>"`. Names only: what a call cost, and whether there is one, is
// the gateway's to say.

const CALLS_MAX = 1_000;
const AFTER_MS_MAX = 15 * 60_000;

export interface Traffic {
  /** A person acted: what begins from here on may be because of it. */
  acted(at: number): void;
}

/** @param onCall once for each call; `startedAt` is the page's own monotonic clock */
export function watchTraffic(onCall: (callId: string, startedAt: number) => void, signal: AbortSignal): Traffic {
  const named = new Set<string>();
  let actedAt: number | null = null;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!(entry instanceof PerformanceResourceTiming) || actedAt === null) continue;
      if (entry.startTime < actedAt || entry.startTime > performance.now() || performance.now() - actedAt > AFTER_MS_MAX)
        continue;
      for (const callId of callsOf(entry)) {
        if (named.has(callId) || named.size >= CALLS_MAX) continue;
        named.add(callId);
        onCall(callId, entry.startTime);
      }
    }
  });
  signal.addEventListener('abort', () => observer.disconnect());
  return {
    acted: (at) => {
      // Nobody is listened to before the first click.
      if (actedAt === null) observer.observe({ type: 'resource', buffered: true });
      actedAt ??= at;
    },
  };
}

function callsOf({ serverTiming }: PerformanceResourceTiming): string[] {
  return serverTiming
    .slice(0, 50)
    .flatMap(({ name, description }) =>
      name === 'credits' && /^[A-Za-z0-9][\w.:-]{0,127}$/.test(description) ? [description] : [],
    );
}
