// `tollgate start`: the gateway until it is told to stop.
import type { Command } from 'commander';
import type { App } from '../app.ts';
import { readConfig, type Environment } from '../config.ts';
import { print, withConfig, withExample, type Around, type CommonOptions } from './command.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { untilStopped } from './until-stopped.ts';

interface StartOptions extends CommonOptions {
  acceptLoss?: true;
}

export function addStart(program: Command, around: Around): void {
  const command = program
    .command('start')
    .description('Starts the gateway. SIGTERM and SIGINT let calls end and stop it; SIGHUP reads the rate card again.')
    .option(
      '--accept-loss',
      'start although the store lost what was written after its high-water mark; the loss becomes an entry',
    )
    .action(async (options: StartOptions) => start(options, around.environment));
  withExample(withConfig(command), 'tollgate start --config tollgate.yaml');
}

async function start(options: StartOptions, environment: Environment): Promise<void> {
  const config = readConfig(options.config, environment);
  // Loaded only here, so that every other command answers sooner.
  const { openGateway } = await import('./open-gateway.ts');
  const app = await openGateway(config, { acceptLoss: options.acceptLoss === true }).catch(failedStart);
  const listening = await app.listen().catch(async (error: unknown) => {
    await app.close();
    return failedStart(error);
  });
  const reload = (): void =>
    void app.cards.reload().catch((error: unknown) => app.log.error({ error: String(error) }, 'no reload'));
  process.on('SIGHUP', reload);
  const stopped = untilStopped(environment);
  const { version, name } = app.cards.current().card;
  const at = { url: listening.url, metrics: listening.metricsUrl, rateCard: { name, version }, pid: process.pid };
  // One line for who started it: the addresses are known by now and calls are answered.
  if (options.json === true) process.stdout.write(`${JSON.stringify(at)}\n`);
  else print(options, at, startedText(app, at.url, at.metrics));
  await stopped;
  process.off('SIGHUP', reload);
  await app.close();
}

function startedText({ cards, config }: App, url: string, metricsUrl: string): string {
  const { card } = cards.current();
  const services = card.services.map(({ id, path }) => `  ${id.padEnd(12)} ${url}${path}`);
  return [
    `Tollgate listens on ${url} (metrics on ${metricsUrl}/metrics)`,
    ...services,
    `Rate card ${card.name}, version ${card.version}, from ${config.rate_card}`,
    ...cards.warnings().map(({ line, column, message }) => `  warning ${line}:${column}: ${message}`),
  ].join('\n');
}

/** What an operator can mend is one message. Everything else is a fault of ours and keeps its stack. */
export function failedStart(error: unknown): never {
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    throw new CommandError(EXIT.found, `${message.replace(/^listen EADDRINUSE: /, '')}: another program listens there.`, {
      cause: error,
    });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || name === 'StoreLocked' || name === 'StoreBehindMark') {
    throw new CommandError(EXIT.found, message, { cause: error });
  }
  throw error;
}
