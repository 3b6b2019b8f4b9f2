// Caps: what a scope may spend in a window. The windows of a call are those of `heldAt` (rule 2); the caller has laid them out
// in the payer's time zone (rule 20).
import { microcredits, type Microcredits } from '@tollgate/shared/credits';
import { countedIn } from './draw.ts';
import type { Draft } from './draft.ts';
import type { CapCheck } from './commands.ts';
import type { CapStanding } from './outcomes.ts';
import type { Part, Passed } from './rows.ts';

// A layout serves many calls, and each asks several times: the same text is also found faster than an equal one.
const ids = new WeakMap<CapCheck, string>();

/** The row that a cap's window is counted in. */
export function windowId(cap: CapCheck): string {
  const known = ids.get(cap);
  if (known !== undefined) return known;
  const id = `${cap.id}@${cap.from}`;
  ids.set(cap, id);
  return id;
}

/** Of the caps that refuse, the one that leaves least, and what it leaves; of equals the first. */
export function tightest(
  draft: Draft,
  caps: readonly CapCheck[],
  bypass: boolean,
): { cap: CapCheck; left: Microcredits } | undefined {
  if (bypass) return undefined;
  let found: { cap: CapCheck; left: Microcredits } | undefined;
  for (const cap of caps) {
    if (modeOf(cap) !== 'hard') continue;
    const left = leftOf(draft, cap);
    if (found === undefined || left < found.left) found = { cap, left };
  }
  return found;
}

/** The caps that a call goes past: because they only tell or note it, or because its key may (FEATURES K3, K4, K8). */
export function passedBy(draft: Draft, caps: readonly CapCheck[], bypass: boolean, amount: Microcredits): Passed[] {
  const passed: Passed[] = [];
  for (const cap of caps) {
    const mode = modeOf(cap);
    if (mode === 'watch' || (mode === 'hard' && !bypass)) continue;
    if (leftOf(draft, cap) < amount) passed.push({ cap: cap.id, mode: mode === 'hard' ? 'bypass' : mode });
  }
  return passed;
}

/** Counts a hold in every window, whatever the mode of its cap, and says how each cap stands after it. */
export function holdInWindows(
  draft: Draft,
  caps: readonly CapCheck[],
  amount: Microcredits,
  parts: readonly Part[],
): CapStanding[] {
  return caps.map((cap) => {
    const id = windowId(cap);
    const window = draft.editWindow(id);
    window.held = microcredits(window.held + countedIn(id, amount, parts));
    return standingOf(cap, microcredits(window.spent + window.held));
  });
}

/** How each cap stands, without a hold. */
export function standingsOf(draft: Draft, caps: readonly CapCheck[]): CapStanding[] {
  return caps.map((cap) => {
    const { spent, held } = draft.window(windowId(cap));
    return { ...standingOf(cap, microcredits(spent + held)), held };
  });
}

function standingOf(cap: CapCheck, used: Microcredits): CapStanding {
  return { id: cap.id, window: cap.window, limit: cap.limit, used, resetsAt: cap.until, mode: modeOf(cap) };
}

/** A cap that was lowered below what is used leaves nothing. */
function leftOf(draft: Draft, cap: CapCheck): Microcredits {
  const { spent, held } = draft.window(windowId(cap));
  return microcredits(Math.max(0, cap.limit - spent - held));
}

function modeOf({ mode = 'hard' }: CapCheck): CapStanding['mode'] {
  return mode;
}
