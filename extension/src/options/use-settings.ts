import type { Settings } from '../messages.ts';
import { useDoing } from './use-doing.ts';

/** Changes settings at once; `saved` is told of each that was kept. */
export function useSettings(saved: () => void): {
  change: (change: Partial<Settings>) => void;
  problem: ReturnType<typeof useDoing>['problem'];
} {
  const { run, problem } = useDoing();
  const change = (changed: Partial<Settings>): void => {
    void run('settings', { change: changed }).then((kept) => {
      if (kept !== undefined) saved();
    });
  };
  return { change, problem };
}
