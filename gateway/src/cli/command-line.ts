// The command line: one command per file. What goes wrong is one clear message and an exit code, never a stack.
import { Command, CommanderError } from 'commander';
import type { Environment } from '../config.ts';
import { addAudit } from './audit.ts';
import { addAutoPurchase } from './auto-purchase.ts';
import { addBalance } from './balance.ts';
import { addCalls } from './calls.ts';
import { addCaps } from './caps.ts';
import { addCheck } from './check.ts';
import type { Around } from './command.ts';
import { EXIT } from './exit-code.ts';
import { addEstimate } from './estimate.ts';
import { addExplain } from './explain.ts';
import { addExtra } from './extra.ts';
import { addGrant } from './grant.ts';
import { addInit } from './init.ts';
import { addKeys } from './keys.ts';
import { addOrganizations } from './organizations.ts';
import { addOrders } from './orders.ts';
import { addPair } from './pair.ts';
import { addResume } from './resume.ts';
import { addSeats } from './seats.ts';
import { addStart } from './start.ts';
import { tellError } from './tell-error.ts';
import { addUsers } from './users.ts';
import { addVerify } from './verify.ts';
import { addWebhooks } from './webhooks.ts';
import { addWorkspaces } from './workspaces.ts';

/**
 * Runs one command.
 * @param args without the program's own name
 * @returns the exit code: 0 ok, 1 refused or found something, 2 wrong use, 3 no gateway or ledger
 */
export async function runCommandLine(args: readonly string[], environment: Environment): Promise<number> {
  const around: Around = { environment, exitCode: EXIT.ok };
  try {
    await program(around).parseAsync(args, { from: 'user' });
    return around.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse;
    return tellError(error, args.includes('--json'));
  }
}

function program(around: Around): Command {
  const made = new Command('tollgate')
    .description('A gateway that prices every API call in credits and refuses with 402 when they do not reach.')
    .addHelpText(
      'after',
      '\nExit codes: 0 ok · 1 refused, or something was found · 2 wrong use · 3 no gateway or ledger answers',
    );
  const begin = [addInit, addStart, addCheck, addExplain, addEstimate];
  const people = [addOrganizations, addWorkspaces, addUsers, addSeats, addCaps, addKeys, addPair];
  const credits = [addGrant, addOrders, addAutoPurchase, addExtra, addBalance, addCalls, addWebhooks];
  const books = [addAudit, addVerify, addResume];
  const commands = [...begin, ...people, ...credits, ...books];
  for (const add of commands) add(made, around);
  return endsByThrowing(made);
}

/** Also the commands below: otherwise a wrong use would end the process with commander's own code. */
function endsByThrowing(command: Command): Command {
  for (const below of command.commands) endsByThrowing(below);
  return command.exitOverride().showHelpAfterError('(add --help for how it is used)');
}
