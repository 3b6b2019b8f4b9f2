// THE PAID CALL: identify ▸ price ▸ hold ▸ forward ▸ measure ▸ settle. Read this first; each step is the file of its name.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isUnavailable } from '../ledger/unavailable.ts';
import { admit, type Admission } from './admit.ts';
import { ask, type Asked } from './ask.ts';
import { askAnew, payAnew } from './ask-anew.ts';
import { barred } from './bar.ts';
import { allowOrigin } from './cors.ts';
import { dryRun, wantsDryRun } from './dry-run.ts';
import type { Forward } from './forward.ts';
import type { Gate } from './gate.ts';
import { hold } from './hold.ts';
import { answerRepeat } from './once.ts';
import { readTarget } from './path.ts';
import { price, type Priced } from './price.ts';
import { isRefusal, refusal, refuse, type Refusal } from './refuse.ts';

/**
 * Takes one call through the gate. Resolves when the client has its answer and the call has its end.
 * @param forward what stands behind the gate: the proxy, or an application's own handler
 */
export async function takeCall(gate: Gate, req: IncomingMessage, res: ServerResponse, forward: Forward): Promise<void> {
  const admission = admit(gate);
  try {
    allowOrigin(gate, req, res);
    const said = isRefusal(admission) ? admission : await passCall(gate, admission, req, res, forward);
    if (said !== undefined) {
      gate.metrics.refusals.inc({ code: said.refused });
      refuse(res, said);
    }
  } catch (error) {
    refuse(res, failed(gate, error));
  } finally {
    if (!isRefusal(admission)) admission.leave();
  }
}

/** A fault of ours ends this one call; its hold, if there is one, is ended by whoever took it or by its lease. */
function failed(gate: Gate, error: unknown): Refusal {
  if (isUnavailable(error)) {
    gate.metrics.refusals.inc({ code: 'ledger_unavailable' });
    return refusal(
      'ledger_unavailable',
      'What this call needs can not be read right now. Nothing was forwarded; try again shortly.',
    );
  }
  gate.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'a call met a fault of the gateway');
  return refusal('internal', 'The gateway met a fault. See calls/{id} for what was charged.');
}

/** A quote by a payer or a card that are no longer so is made again before it is held (rule 2). From here on it waits only for a batch. */
function priceAnew(gate: Gate, priced: Priced, paying: Asked | Refusal): Priced | Refusal {
  const asked = isRefusal(paying) ? paying : askAnew(gate, paying);
  return asked === priced || isRefusal(asked) ? (asked as Priced | Refusal) : price(asked);
}

/** The straight line. Returns the refusal to write, or nothing where the client has its answer. */
async function passCall(
  gate: Gate,
  admission: Admission,
  req: IncomingMessage,
  res: ServerResponse,
  forward: Forward,
): Promise<Refusal | undefined> {
  const target = readTarget(req);
  if (isRefusal(target)) return target;
  const asked = await ask(gate, admission, req, res, target);
  if (isRefusal(asked)) return asked;
  const priced = price(asked);
  if (isRefusal(priced)) return priced;
  const dry = wantsDryRun(req);
  if (typeof dry === 'object') return dry;
  if (dry) return dryRun(gate, priced);
  const refused = await barred(gate, priced);
  if (refused !== undefined) return refused;
  const paying = payAnew(gate, priced);
  const current = priceAnew(gate, priced, paying instanceof Promise ? await paying : paying);
  if (isRefusal(current)) return current;
  // Another card may say another thing of whose the route is.
  const refusedNow = current.card === priced.card ? undefined : await barred(gate, current);
  if (refusedNow !== undefined) return refusedNow;
  const held = await hold(gate, current);
  if (isRefusal(held)) return held;
  if ('refusal' in held) return answerRepeat(gate, res, held);
  await forward(gate, held);
  return undefined;
}
