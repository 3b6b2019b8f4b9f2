// The kit's rate card with more services behind it, each for what one test needs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const KIT_CARD = readFileSync(join(import.meta.dirname, '../kit/rates.yaml'), 'utf8');

/** @param services YAML as it stands below `services:`, indented by two */
export function cardWith(services: string): string {
  return `${KIT_CARD.trimEnd()}\n${services}`;
}

/** Timeouts in which a test can see them pass. */
export const SHORT = 'timeouts: { head: 2s, idle: 2s, lease: 3s, shutdown: 5s }\n';
