// The extension as it is built from the sources of now.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const BUILD = join(import.meta.dirname, '../../extension/build.ts');

/** @returns a folder that nobody changes, also while the sources change or another test builds @throws with what wxt said */
export async function builtExtension(target: 'chrome' | 'firefox'): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [BUILD, target, '--apart']);
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}
