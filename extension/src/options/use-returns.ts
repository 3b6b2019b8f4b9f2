import { useEffect, useState } from 'preact/hooks';

/** How often the person came back to this page: what may have changed meanwhile in another tab is asked for again then. */
export function useReturns(): number {
  const [returns, setReturns] = useState(0);
  useEffect(() => {
    const count = (): void => {
      if (document.visibilityState === 'visible') setReturns((before) => before + 1);
    };
    document.addEventListener('visibilitychange', count);
    window.addEventListener('focus', count);
    return () => {
      document.removeEventListener('visibilitychange', count);
      window.removeEventListener('focus', count);
    };
  }, []);
  return returns;
}
