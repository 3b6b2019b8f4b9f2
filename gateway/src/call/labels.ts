// Labels that a call carries. Those fixed on the key or its workspace may decide a price; what a client claims in `baggage` only describes (rule 16), and
// never replaces a fixed one.
import type { IncomingMessage } from 'node:http';
import type { Payer } from '../payer/payer.ts';

export type Labels = Readonly<Record<string, string>>;

// Labels are stored with every call: few and short, whatever the client sends.
const LABELS_MOST = 16;
const NAME = /^[a-zA-Z][a-zA-Z0-9_.-]{0,63}$/;
const VALUE_MOST = 256;

/** W3C baggage: `scenario=monthly-report,run=r%2042;ttl=1`. What does not read as such is left out: it only describes. */
export function claimedLabels(req: IncomingMessage): Labels {
  const given = req.headers['baggage'];
  if (given === undefined) return {};
  const labels: Record<string, string> = {};
  for (const member of String(given).split(',', LABELS_MOST)) {
    const [pair = ''] = member.split(';', 1);
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    const value = decode(pair.slice(at + 1).trim());
    if (NAME.test(name) && value !== undefined && value.length <= VALUE_MOST) labels[name] = value;
  }
  return labels;
}

/** Those that a price may read: the key's own win over its workspace's. */
export function fixedLabels({ key, workspace }: Payer): Labels {
  return { ...workspace.labels, ...key.labels };
}

/** What is stored with the call: claims first, then what the card reads from the request, then what is fixed. */
export function storedLabels(claimed: Labels, read: Labels, payer: Payer): Labels {
  return { ...claimed, ...read, ...fixedLabels(payer) };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
