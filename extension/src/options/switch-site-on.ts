import { browser } from 'wxt/browser';
import { say } from '../say.ts';
import { grantPattern } from '../worker/grant-pattern.ts';
import type { Doing } from './use-doing.ts';

/** Called from a click itself, with nothing awaited before: only there does the browser ask the person. Undefined where it was not done. */
export async function switchSiteOn(origin: string, doing: Doing): Promise<unknown> {
  const granted = await browser.permissions
    .request({ origins: [grantPattern(origin)], permissions: ['scripting', 'activeTab'] })
    .catch(() => false);
  if (granted) return doing.run('siteOn', { origin });
  doing.say({ code: 'permission_missing', message: say('options_site_denied', origin) });
  return undefined;
}
