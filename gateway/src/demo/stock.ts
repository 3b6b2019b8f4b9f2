// Keys and credits of the demo. What was made before stays as it is, so that a second start goes on where the first one ended.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf } from '../cli/command.ts';
import { clientOf } from '../cli/gateway-client.ts';
import { stockTeam, type Team } from './team.ts';

const POOL_CREDITS = 500;
// Enough for a few days of traffic.
const TRAFFIC_CREDITS = 100_000;

export interface Stock {
  /** File of the key to try calls with. */
  keyFile: string;
  trafficKey: string;
  /** Undefined where the rate card has no plan for one. */
  team: Team | undefined;
}

/**
 * Sees to keys and grants. With traffic the pool is full for long, and so the key to try calls with is another one, whose cap ends after
 * as many credits as the pool has otherwise.
 */
export async function stockDemo(folder: string, url: string, traffic: boolean): Promise<Stock> {
  const client = clientOf(url, readFileSync(join(folder, 'tollgate.key'), 'utf8').trim(), async () => {});
  const keyFile = async (id: string, more: object = {}, organization?: string): Promise<string> => {
    const file = join(folder, `${id}.key`);
    if (existsSync(file)) return file;
    // A key whose text was lost is of no use to anyone: the next of its line takes over.
    const { text } = await client.ask<{ text: string | null }>('POST', pathOf('keys', { organization }), {
      id,
      scope: 'spend',
      ...more,
    });
    const told = text ?? (await client.ask<{ text: string }>('POST', `keys/${id}/rotate`, {})).text;
    writeFileSync(file, `${told}\n`, { mode: 0o600 });
    return file;
  };
  await client.ask('POST', 'grants', { id: 'demo', amount: POOL_CREDITS, reason: 'the first credits of the demo' });
  const team = await stockTeam(client, url, keyFile);
  if (!traffic) return { keyFile: await keyFile('spend'), trafficKey: '', team };
  await client.ask('POST', 'workspaces', { name: 'traffic' });
  const trafficFile = await keyFile('traffic', { workspace: 'traffic' });
  await client.ask('POST', 'grants', { id: 'traffic', amount: TRAFFIC_CREDITS, reason: 'traffic of the demo' });
  const capped = await keyFile('capped', { caps: [{ window: 'lifetime', limit: POOL_CREDITS }] });
  return { keyFile: capped, trafficKey: readFileSync(trafficFile, 'utf8').trim(), team };
}
