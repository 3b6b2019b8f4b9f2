// What pages ask about sites: which are on, switching them on and off, and pointing at an element of a page.
import { browser } from 'wxt/browser';
import type { Answer, AskName, Asks } from '../messages.ts';
import { grantPattern, originOf } from './grant-pattern.ts';
import { inputInvalid, siteNotGranted } from './problems.ts';
import { addSite, dropSite, isGranted, isOn, mayScript, sites } from './sites.ts';
import { suggestedSites } from './suggested-sites.ts';
import { giveBack } from './unpair.ts';

type Handler<Name extends AskName> = (given: Asks[Name]['with']) => Promise<Answer<Name>>;

const POINT_SCRIPT = '/content-scripts/point.js';

export const answerSites: Handler<'sites'> = async () => {
  const all = await sites();
  const suggested = await suggestedSites();
  return {
    ok: true,
    answer: { sites: all, suggested: suggested.filter((origin) => !all.some((site) => site.origin === origin)) },
  };
};

export const answerSiteOn: Handler<'siteOn'> = async ({ origin }) => {
  if (originOf(origin) === undefined) return { ok: false, problem: inputInvalid('worker_site_unread') };
  if (!(await mayScript()) || !(await isGranted(origin))) return { ok: false, problem: siteNotGranted(origin) };
  return { ok: true, answer: { site: await addSite(origin) } };
};

export const answerSiteOff: Handler<'siteOff'> = async ({ origin }) => {
  await dropSite(origin);
  await giveBack(grantPattern(origin));
  return { ok: true, answer: {} };
};

/** The panel for pointing opens in the page. */
export const answerPoint: Handler<'point'> = async ({ tab }) => {
  const origin = originOf((await browser.tabs.get(tab).catch(() => undefined))?.url);
  if (origin === undefined || !(await isOn(origin))) return { ok: false, problem: inputInvalid('worker_point_not_on') };
  await browser.scripting.executeScript({ target: { tabId: tab, allFrames: true }, files: [POINT_SCRIPT] });
  return { ok: true, answer: {} };
};
