// Puts a value into a JSON object, below as many members as its name has.

/** @returns false where something on the way is there and is no object; nothing is changed then. */
export function putMember(root: Record<string, unknown>, steps: readonly string[], value: unknown): boolean {
  let at = root;
  for (const step of steps.slice(0, -1)) {
    const below = Object.hasOwn(at, step) ? at[step] : {};
    if (typeof below !== 'object' || below === null || Array.isArray(below)) return false;
    define(at, step, below);
    at = below as Record<string, unknown>;
  }
  const last = steps.at(-1) ?? '';
  if (Object.hasOwn(at, last)) return false;
  define(at, last, value);
  return true;
}

/** Never through a setter: a member may be called `__proto__`. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}
