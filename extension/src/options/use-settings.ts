import type { Settings } from '../messages.ts';
import { useDoing } from './use-doing.ts';

/** Changes settings at once; `saved` is told of each that was kept. */
export function useSettings(saved: () => void): {
  change: (change: Partial<Settings>) => void;
  problem: ReturnType<typeof useDoing>['problem'];
} {
  const { run, problem } = useDoing();
  const keep = async (changed: Partial<Settings>): Promise<void> => {
    if ((await run('settings', { change: changed })) !== undefined) saved();
  };
  const change = (changed: Partial<Settings>): void => void keep(changed);
  return { change, problem };
}
