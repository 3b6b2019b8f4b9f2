// Work in slices between the page's own: no slice is longer than a few milliseconds, so that typing and scrolling are never felt to wait.

const SLICE_MS = 6;
const WAIT_MS_MAX = 250;
// What work takes, four times as long is left to the page: however often it changes, we take a fifth at most.
const REST = 4;

/**
 * Work that can be asked for at any time, and is done at once, or as soon as the page had its rest; many askings are one. The generator gives way at
 * each `yield`.
 * @returns asks for it
 */
export function paced(work: () => Generator<undefined, void>, signal: AbortSignal, leastMs: number): () => void {
  let state: 'still' | 'running' | 'again' = 'still';
  let nextAt = 0;
  const run = async (): Promise<void> => {
    const waitMs = nextAt - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    // What is asked from here on may have come too late for this round.
    state = 'running';
    const tookMs = await inSlices(work(), signal);
    nextAt = performance.now() + Math.max(leastMs, REST * tookMs);
    const isAgain = (state as string) === 'again';
    state = 'still';
    if (isAgain && !signal.aborted) ask();
  };
  const ask = (): void => {
    if (signal.aborted) return;
    if (state !== 'still') state = 'again';
    else {
      state = 'running';
      void run();
    }
  };
  return ask;
}

/** @returns how long it took by itself, in milliseconds */
function inSlices(work: Generator<undefined, void>, signal: AbortSignal): Promise<number> {
  let tookMs = 0;
  return new Promise((resolve) => {
    const slice = (deadline: IdleDeadline): void => {
      const from = performance.now();
      const until = from + Math.min(SLICE_MS, Math.max(deadline.timeRemaining(), 2));
      let isDone = signal.aborted;
      while (!isDone && performance.now() < until) isDone = work.next().done === true;
      tookMs += performance.now() - from;
      if (isDone) resolve(tookMs);
      else requestIdleCallback(slice, { timeout: WAIT_MS_MAX });
    };
    requestIdleCallback(slice, { timeout: WAIT_MS_MAX });
  });
}
