// Reads of one row each that are asked for at once go to the database as one statement: most of what a read of one row takes is the way there.

/** @param readMany gives the row of each key, undefined where there is none */
export function gather<K, T>(
  readMany: (keys: readonly K[]) => Promise<readonly (T | undefined)[]>,
): (key: K) => Promise<T | undefined> {
  let waiting: { key: K; resolve: (row: T | undefined) => void; reject: (error: unknown) => void }[] = [];

  async function readWaiting(): Promise<void> {
    const asked = waiting;
    waiting = [];
    try {
      const rows = await readMany(asked.map(({ key }) => key));
      for (const [index, { resolve }] of asked.entries()) resolve(rows[index]);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (waiting.length === 1) queueMicrotask(() => void readWaiting());
    });
}
