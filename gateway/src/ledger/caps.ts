// Caps: what a scope may spend in a window. The windows of a call are those of `heldAt` (rule 2); the caller has laid them out
// in the payer's time zone (rule 20).
import { microcredits, type Microcredits } from '@tollgate/shared/credits';
import type { Draft } from './draft.ts';
import type { CapCheck } from './commands.ts';
import type { CapStanding } from './outcomes.ts';

/** The row that a cap's window is counted in. */
export function windowId(cap: CapCheck): string {
  return `${cap.id}@${cap.from}`;
}

/** The cap that leaves least, and what it leaves; of equals the first. A cap that was lowered below what is used leaves nothing. */
export function tightest(draft: Draft, caps: readonly CapCheck[]): { cap: CapCheck; left: Microcredits } | undefined {
  let found: { cap: CapCheck; left: Microcredits } | undefined;
  for (const cap of caps) {
    const { spent, held } = draft.window(windowId(cap));
    const left = microcredits(Math.max(0, cap.limit - spent - held));
    if (found === undefined || left < found.left) found = { cap, left };
  }
  return found;
}

/** Counts a hold in every window, and says how each cap stands after it. */
export function holdInWindows(draft: Draft, caps: readonly CapCheck[], amount: Microcredits): CapStanding[] {
  return caps.map((cap) => {
    const window = draft.editWindow(windowId(cap));
    window.held = microcredits(window.held + amount);
    const used = microcredits(window.spent + window.held);
    return { id: cap.id, window: cap.window, limit: cap.limit, used, resetsAt: cap.until };
  });
}
