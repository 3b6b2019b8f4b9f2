// Opens the gateway of a configuration in this process: for `start`, and for commands where no gateway runs.
import { openApp, type App, type AppOptions } from '../app.ts';
import type { Config } from '../config.ts';
import { ensureOperateKey } from '../keys/operate-key.ts';
import { ensureFirstOrganization, MAIN } from '../people/first-organization.ts';
import { workspaceId } from '../people/ids.ts';

/**
 * Opens the gateway and sees to its first organization and its operate key. It does not listen yet.
 * @throws CardError, ConfigError, StoreLocked, StoreBehindMark
 */
export async function openGateway(config: Config, options: AppOptions = {}): Promise<App> {
  const app = await openApp(config, options);
  try {
    await ensureFirstOrganization(app.directory, { id: config.organization, timeZone: config.time_zone });
    await ensureOperateKey(app.directory, {
      file: config.key_file,
      secret: config.secret,
      organization: config.organization,
      workspace: workspaceId(config.organization, MAIN),
      at: (options.now ?? Date.now)(),
    });
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
