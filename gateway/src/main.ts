#!/usr/bin/env node
// The command line. The only file of the gateway that reads the environment; everything below gets it as a parameter.
import { runCommandLine } from './cli/command-line.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
