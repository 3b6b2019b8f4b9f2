// Parts of the worker that want to know when something happened. One that throws keeps nothing from the others.

export interface Listeners<Given extends readonly unknown[]> {
  on: (listener: (...given: Given) => void | Promise<void>) => void;
  /** Resolves when all have done what they do about it. */
  tell: (...given: Given) => Promise<void>;
}

export function listeners<Given extends readonly unknown[]>(): Listeners<Given> {
  const all: ((...given: Given) => void | Promise<void>)[] = [];
  return {
    on: (listener) => void all.push(listener),
    tell: async (...given) => {
      await Promise.all(
        all.map(async (listener) => {
          try {
            await listener(...given);
          } catch (error) {
            console.error('tollgate:', error);
          }
        }),
      );
    },
  };
}
