import type { Balance } from '../messages.ts';

export interface CapNear {
  /** `workspace main`; null for a cap of the key itself. */
  scope: string | null;
  window: Balance['caps'][number]['window'];
  used: number;
  limit: number;
  /** 0 to 100 and past it. */
  percent: number;
  mode: 'hard' | 'soft';
  resetsAt: string | null;
}

const NEAR = 75;

/** Caps of which at least three quarters are used, fullest first. Shadow caps decide nothing and are not shown. */
export function capsNear(balance: Balance): readonly CapNear[] {
  return capsOf(balance)
    .filter(({ percent }) => percent >= NEAR)
    .toSorted((one, other) => other.percent - one.percent);
}

// These bind some calls alone.
const OF_SOME_CALLS = new Set(['service', 'operation', 'chain']);

/** Of hard caps near their edge the one that lets the least through of what is available; null where none lets less. */
export function tightestCap(balance: Balance): (CapNear & { left: number }) | null {
  const [tightest] = capsOf(balance)
    .filter(({ mode, scope, percent }) => mode === 'hard' && percent >= NEAR && !OF_SOME_CALLS.has(scope?.split(' ')[0] ?? ''))
    .map((cap) => ({ ...cap, left: Math.max(0, cap.limit - cap.used) }))
    .toSorted((one, other) => one.left - other.left);
  return tightest !== undefined && tightest.left < balance.available ? tightest : null;
}

function capsOf(balance: Balance): readonly CapNear[] {
  const scoped = balance.caps.flatMap((cap): CapNear[] => {
    // A cap of the key itself stands among those of the key as well.
    if (cap.mode === 'shadow' || cap.id === '') return [];
    const limit = cap.raise?.limit ?? cap.limit;
    return [{ ...known(cap, limit), scope: `${cap.scope.kind} ${cap.scope.id}`, mode: cap.mode }];
  });
  const own = balance.key.caps.map((cap): CapNear => ({ ...known(cap, cap.limit), scope: null, mode: 'hard' }));
  return [...scoped, ...own];
}

function known(
  cap: Balance['key']['caps'][number],
  limit: number,
): Pick<CapNear, 'window' | 'used' | 'limit' | 'percent' | 'resetsAt'> {
  const percent = limit === 0 ? 100 : (cap.used / limit) * 100;
  return { window: cap.window, used: cap.used, limit, percent, resetsAt: cap.resetsAt };
}
