// Price tags in the pages of a site that the person switched on. Registered at runtime, for granted origins alone.
import { defineContentScript } from 'wxt/utils/define-content-script';
import { stayWithPage } from '../tags/stay-with-page.ts';

export default defineContentScript({
  registration: 'runtime',
  allFrames: true,
  matches: [],
  runAt: 'document_start',
  // Nothing is said to the page, not even that we are here.
  noScriptStartedPostMessage: true,
  main: stayWithPage,
});
