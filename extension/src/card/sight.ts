// When a person can have seen a question: half a second without a break. A page that uncovers it for a moment under a moving pointer gains
// nothing.

const SEEN_AFTER = 500;
// A frame that is just being placed is no cause for a warning.
const COVERED_AFTER = 1_500;

export interface Timers {
  set: (run: () => void, ms: number) => number;
  clear: (timer: number) => void;
}

/** Told whether all of it is visible now; tells `seen` after half a second of that, `covered` where that does not come. */
export function sightOf(
  tell: (sight: 'waiting' | 'seen' | 'covered') => void,
  timers: Timers,
): { look: (visible: boolean) => void; end: () => void } {
  let timer: number | null = null;
  let last: boolean | null = null;
  const after = (ms: number, sight: 'seen' | 'covered'): void => {
    if (timer !== null) timers.clear(timer);
    timer = timers.set(() => tell(sight), ms);
  };
  after(COVERED_AFTER, 'covered');
  return {
    look: (visible) => {
      if (visible === last) return;
      const was = last;
      last = visible;
      if (visible) {
        tell('waiting');
        after(SEEN_AFTER, 'seen');
        return;
      }
      // What was being looked at is covered at once; what was never seen may still be on its way.
      if (was === true) tell('waiting');
      after(was === true ? 0 : COVERED_AFTER, 'covered');
    },
    end: () => {
      if (timer !== null) timers.clear(timer);
    },
  };
}
