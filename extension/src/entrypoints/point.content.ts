// Pointing at an element: put into a page by the worker alone, when the person starts it.
import { defineContentScript } from 'wxt/utils/define-content-script';
import { startPointing } from '../point/start-pointing.ts';

export default defineContentScript({
  registration: 'runtime',
  allFrames: true,
  matches: [],
  // The page needs not hear of it.
  noScriptStartedPostMessage: true,
  main: startPointing,
});
