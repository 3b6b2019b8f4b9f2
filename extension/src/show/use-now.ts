import { useEffect, useState } from 'preact/hooks';

/** Epoch milliseconds, anew every so many: what says how old something is must not itself grow old. */
export function useNow(every = 10_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
