// A gateway whose time of day a test can move, in front of a real demo upstream process: the app itself, over real SQLite and HTTP, in this
// process. Only its clock is passed in; leases, timeouts and sweeps run by real time.
import type { App } from '../../gateway/src/app.ts';
import { openGateway } from '../../gateway/src/cli/open-gateway.ts';
import { readConfig } from '../../gateway/src/config.ts';
import { startGatewayBy, type GatewayKit, type GatewayOptions } from './gateway.ts';

export interface ClockedGatewayKit extends GatewayKit {
  /** The gateway's time of day, epoch milliseconds: set it. The ledger's own clock never runs back with it. */
  readonly clock: { now: number };
  /** The app that runs now. */
  app(): App;
  /** Sets the clock and runs what is due by then: expiries, lapses, cycles. */
  turnTo(at: number | string): Promise<void>;
}

/** @param options as of `startGateway`; `at`: the time of day at first */
export async function startClockedGateway({
  at,
  ...options
}: Omit<GatewayOptions, 'nodeArguments' | 'environment'> & { at: number | string }): Promise<ClockedGatewayKit> {
  const clock = { now: timeOf(at) };
  let app: App | undefined;
  const kit = await startGatewayBy(
    { ...options, settings: `${options.settings ?? ''}\nlog: silent\n` },
    async (configFile, more) => {
      const opened = await openGateway(readConfig(configFile, {}), {
        now: () => clock.now,
        acceptLoss: more.includes('--accept-loss'),
      });
      app = opened;
      const { url, metricsUrl: metrics } = await opened.listen();
      let ended: Promise<void> | undefined;
      return {
        told: { url, metrics },
        process: { pid: process.pid },
        output: () => '',
        end: async () => {
          await (ended ??= opened.close());
          return { code: 0, signal: null };
        },
      };
    },
  );
  const running = (): App => {
    if (app === undefined) throw new Error('the gateway does not run');
    return app;
  };
  return {
    ...kit,
    clock,
    app: running,
    turnTo: async (to) => {
      clock.now = timeOf(to);
      await running().sweep();
    },
  };
}

function timeOf(at: number | string): number {
  return typeof at === 'number' ? at : Date.parse(at);
}
