// The panel says hello to the page's script with this, and so is known to be the one that it put up.
const PATIENCE_MS = 10_000;

/**
 * Handed to this window alone, by the script that made its frame, when the frame has loaded: it must be listened for while this page's own script
 * runs first. Undefined where nobody hands one.
 */
export function secretOfFrame(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const { data } = event;
      if (typeof data !== 'object' || data === null || !('secret' in data) || typeof data.secret !== 'string') return;
      clearTimeout(timer);
      resolve(data.secret);
    });
  });
}
