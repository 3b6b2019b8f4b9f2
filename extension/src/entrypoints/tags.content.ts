// Price tags in the pages of a site that the person switched on. Registered at runtime, for granted origins alone.
import { defineContentScript } from 'wxt/utils/define-content-script';

export default defineContentScript({ registration: 'runtime', allFrames: true, matches: [], main() {} });
