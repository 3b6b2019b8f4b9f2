// The worker: wakes for events, answers pages and content scripts, and sleeps again.
import { defineBackground } from 'wxt/utils/define-background';

export default defineBackground({ type: 'module', main() {} });
