import { useEffect, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { originOf } from '../worker/grant-pattern.ts';

export interface TabHere {
  id: number | null;
  /** Null where the browser does not tell, which it does once the tab's address was allowed. */
  url: string | null;
  /** Null also where it is no web page. */
  origin: string | null;
}

/** The tab that the popup was opened over; null until the browser says which. */
export function useTab(): TabHere | null {
  const [tab, setTab] = useState<TabHere | null>(null);
  useEffect(() => {
    const find = async (): Promise<void> => {
      const [found] = await browser.tabs.query({ active: true, currentWindow: true }).catch(() => []);
      const url = found?.url ?? null;
      setTab({ id: found?.id ?? null, url, origin: url === null ? null : (originOf(url) ?? null) });
    };
    void find();
  }, []);
  return tab;
}
