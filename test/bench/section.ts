// docs/benchmarks.md is written by several measurements, each of which keeps its own section.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type, arch } from 'node:os';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../docs/benchmarks.md');
const HEAD = `# Benchmarks

Numbers depend on the machine; ratios between what was measured side by side in one run do so much less. Each section says how it was
measured and on what, and is written by the command that it names, on a machine that does nothing else meanwhile:

- \`npm run bench\`: the gateway and other proxies in one interleaved run, about seven minutes. With \`-- --quick\` it only shows that
  all of them work; with \`-- --profile\` it runs the gateway alone and shows where its processor time goes. Both write nothing.
- \`node test/bench/plans.ts\`: a call with plan, seat, sources and caps beside a simple one, about two minutes.
- \`node test/bench/big.ts\`: a gigabyte each way with stalled peers beside it, on Linux.
- \`node test/bench/turn.ts\`: the cycles of 100,000 accounts turn at one moment, with calls beside them.
- \`npm run bench:extension\`: what the extension takes of a browser and of a page, about four minutes.
`;

/** Replaces the section of this title, or adds it at the end. @param text without its heading */
export function writeSection(title: string, text: string): void {
  const [head = HEAD, ...sections] = existsSync(FILE) ? readFileSync(FILE, 'utf8').split(/^(?=## )/m) : [];
  const section = `## ${title}\n\n${text.trim()}\n`;
  const at = sections.findIndex((one) => one.startsWith(`## ${title}\n`));
  if (at < 0) sections.push(section);
  else sections[at] = section;
  writeFileSync(FILE, [head, ...sections].map((one) => one.trim()).join('\n\n') + '\n');
}

/** The machine in a line, without a name. */
export function machine(): string {
  const memoryGb = Math.round(totalmem() / 1024 ** 3);
  const day = new Date().toISOString().slice(0, 10);
  return `${cpus().length} cores, ${memoryGb} GB of memory, ${type()} ${arch()}, Node ${process.version}, ${day}`;
}
