// Things that are looked at again and again, by their name: each once at a time, and once more where something came meanwhile. What takes
// long to look at is looked at less often.

export interface Looks {
  /** Looks at it in so many milliseconds: sooner where that was planned before, later where the last look took long. */
  plan: (name: string, ms: number) => void;
  close: () => void;
}

const REST = 3;

/** @param look returns in how many milliseconds it wants to look again by itself; null where it does not */
export function lookAgain(look: (name: string) => Promise<number | null>): Looks {
  const planned = new Map<string, { at: number; timer: ReturnType<typeof setTimeout> }>();
  /** True where it is to be looked at again behind this one. */
  const looking = new Map<string, boolean>();
  const restsUntil = new Map<string, number>();
  let isClosed = false;

  function plan(name: string, ms: number): void {
    if (looking.has(name)) looking.set(name, true);
    const before = planned.get(name);
    const now = performance.now();
    const at = Math.max(now + ms, restsUntil.get(name) ?? 0);
    if (looking.has(name) || isClosed || (before !== undefined && before.at <= at)) return;
    clearTimeout(before?.timer);
    planned.set(name, { at, timer: setTimeout(() => void lookNow(name), at - now) });
  }

  async function lookNow(name: string): Promise<void> {
    planned.delete(name);
    looking.set(name, false);
    const from = performance.now();
    let againMs: number | null = null;
    try {
      againMs = await look(name);
    } catch (error) {
      console.error('tollgate:', error);
    }
    const isDue = looking.get(name) === true;
    looking.delete(name);
    const now = performance.now();
    restsUntil.set(name, now + REST * (now - from));
    if (isDue) plan(name, 0);
    else if (againMs !== null) plan(name, againMs);
  }

  return {
    plan,
    close: () => {
      isClosed = true;
      for (const { timer } of planned.values()) clearTimeout(timer);
    },
  };
}
