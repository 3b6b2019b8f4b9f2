import { describe, expect, test } from 'vitest';
import { sightOf } from './sight.ts';

/** A clock that a test moves. */
function clocked(): { told: string[]; pass: (ms: number) => void; look: (visible: boolean) => void } {
  const told: string[] = [];
  const due = new Map<number, { at: number; run: () => void }>();
  let now = 0;
  let made = 0;
  const watch = sightOf((sight) => told.push(`${now} ${sight}`), {
    set: (run, ms) => {
      made += 1;
      due.set(made, { at: now + ms, run });
      return made;
    },
    clear: (timer) => due.delete(timer),
  });
  const pass = (ms: number): void => {
    now += ms;
    for (const [id, { at, run }] of due) {
      if (at > now) continue;
      due.delete(id);
      run();
    }
  };
  return { told, pass, look: watch.look };
}

describe('a question is seen', () => {
  test('after half a second of being visible', () => {
    const { told, pass, look } = clocked();
    pass(100);
    look(true);
    pass(499);
    expect(told).toEqual(['100 waiting']);
    pass(1);
    expect(told).toEqual(['100 waiting', '600 seen']);
  });

  test('not where it is covered again before; then it says so at once', () => {
    const { told, pass, look } = clocked();
    look(true);
    pass(499);
    look(false);
    pass(0);
    pass(500);
    expect(told.at(-1)).toBe('499 covered');
    look(true);
    pass(500);
    expect(told.at(-1)).toBe('1499 seen');
  });

  test('no more once something comes over it', () => {
    const { told, pass, look } = clocked();
    look(true);
    pass(500);
    look(false);
    expect(told.at(-1)).toBe('500 waiting');
    pass(0);
    expect(told.at(-1)).toBe('500 covered');
  });

  test('and says that it is covered where nothing was ever seen of it', () => {
    const { told, pass, look } = clocked();
    look(false);
    pass(1_500);
    expect(told).toEqual(['1500 covered']);
  });
});
