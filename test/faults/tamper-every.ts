// Changes one value after another, and asks the command line each time.
import type { GatewayKit } from '../kit/gateway.ts';
import { runTollgate, type KeptStore } from './kept-store.ts';
import { changeValue, type Column } from './tamper.ts';

/** Returns what `tollgate verify` did not find. */
export async function tamperEvery(kit: GatewayKit, kept: KeptStore, columns: readonly Column[]): Promise<string[]> {
  const missed: string[] = [];
  for (const column of columns) {
    kept.restore();
    const changed = await changeValue(kit.storeFile, column, column.rows - 1);
    const { code, output } = await runTollgate(kit, 'verify');
    if (code !== 1 || !output.includes('"ok": false')) missed.push(`${changed}: ${code} ${output.slice(0, 300)}`);
  }
  return missed;
}
