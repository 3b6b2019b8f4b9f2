// The worker: wakes for events, answers pages and content scripts, and sleeps again.
import { defineBackground } from 'wxt/utils/define-background';
import { startWorker } from '../worker/start.ts';

export default defineBackground({ type: 'module', main: () => startWorker() });
