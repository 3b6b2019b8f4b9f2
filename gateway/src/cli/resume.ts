// `tollgate resume OPERATION`: lets a suspended operation be called again.
import type { Command } from 'commander';
import { print, withExample, withGateway, type Around, type CommonOptions } from './command.ts';
import { withClient } from './gateway-client.ts';

export function addResume(program: Command, around: Around): void {
  const command = program
    .command('resume')
    .description('Lets an operation be called again that was suspended because its upstream broke a bound.')
    .argument('<operation>')
    .action((operation: string, options: CommonOptions) =>
      withClient(options, around.environment, async (client) => {
        const done = await client.ask<{ resumed: string }>('DELETE', `suspensions/${encodeURIComponent(operation)}`);
        print(options, done, `${done.resumed} can be called again.`);
      }),
    );
  withExample(withGateway(command), 'tollgate resume chat.complete');
}
