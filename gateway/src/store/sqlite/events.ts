// Events and their deliveries. Events are written by batches; deliveries in turns with them, because they are nobody's money.
import type { Delivery, EventStore } from '../../ledger/beside.ts';
import { sha256 } from '../../ledger/digest.ts';
import { deliveryFields, deliveryOf, eventOf, withDigest } from './beside-rows.ts';
import { conditionsOf } from './conditions.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

export function keepEvents(writer: Writer, reader: Connection): EventStore {
  return {
    async events({ organization, workspace, types, after, limit }) {
      const { where, values } = conditionsOf([
        ['organization = ?', organization],
        ['(workspace = ? OR workspace IS NULL)', workspace],
        ['type IN (SELECT value FROM json_each(?))', types === undefined ? undefined : JSON.stringify(types)],
        ['number > ?', after],
      ]);
      return (await reader.all(`SELECT * FROM events ${where} ORDER BY number LIMIT ?`, [...values, limit])).map(eventOf);
    },
    async lastEvent() {
      return (await reader.get<{ number: number }>('SELECT coalesce(max(number), 0) AS number FROM events'))?.number ?? 0;
    },
    async fannedOut() {
      return (await reader.get<{ rows: number }>(`SELECT rows FROM meta WHERE name = 'fanned_out'`))?.rows ?? 0;
    },
    async fanOut(deliveries, upTo) {
      const ids = JSON.stringify(deliveries.map(({ id }) => id));
      const select = { sql: SOME, values: [ids] };
      await writer.writeRows('deliveries', select, (found) => {
        // One that is there already may have been delivered: it stays as it is.
        const known = new Set(found.map((row) => row['id']));
        const made = deliveries.filter(({ id }) => !known.has(id)).map((delivery) => withDigest(deliveryFields(delivery)));
        const tally = made.map(({ digest }) => ({ came: digest, went: undefined }));
        return { batch: { deliveries: made.map(({ row }) => row) }, tally, fannedOut: upTo };
      });
    },
    async dueDeliveries(at, most, except = []) {
      return (await reader.all(DUE, [at, JSON.stringify(except), most])).map(deliveryOf);
    },
    putDelivery: gatherDeliveries(writer),
    async delivery(id) {
      const row = await reader.get(ONE, [id]);
      return row === undefined ? undefined : deliveryOf(row);
    },
    async deliveries({ webhook, state, before, limit }) {
      const { where, values } = conditionsOf([
        ['webhook = ?', webhook],
        // Only those that are given up have an index: all others are among the newest, or nearly all.
        state === 'dead' ? [`state = 'dead'`] : ['+state = ?', state],
        ['id < ?', before],
      ]);
      return (await reader.all(`SELECT * FROM deliveries ${where} ORDER BY id DESC LIMIT ?`, [...values, limit])).map(deliveryOf);
    },
  };
}

const DUE = `SELECT * FROM deliveries WHERE next_at IS NOT NULL AND next_at <= ? AND webhook NOT IN (SELECT value FROM json_each(?))
  ORDER BY next_at LIMIT ?`;
const ONE = 'SELECT * FROM deliveries WHERE id = ?';
const SOME = 'SELECT * FROM deliveries WHERE id IN (SELECT value FROM json_each(?))';

/**
 * What ends while a write is under way is written together by the next one: a batch of calls that comes meanwhile waits for one write, and
 * not for one for each webhook.
 */
function gatherDeliveries(writer: Writer): (delivery: Delivery) => Promise<void> {
  let gathered = new Map<string, Delivery>();
  let next: Promise<unknown> | undefined;

  async function write(): Promise<void> {
    const taken = gathered;
    const close = (): void => {
      if (gathered === taken) [gathered, next] = [new Map(), undefined];
    };
    const take = () => {
      close();
      return { sql: SOME, values: [JSON.stringify([...taken.keys()])] };
    };
    try {
      await writer.writeRows('deliveries', take, (found) => {
        const known = new Map(found.map((row) => [row['id'], sha256(deliveryFields(deliveryOf(row)))]));
        const rows = [...taken].map(([id, delivery]) => ({ id, ...withDigest(deliveryFields(delivery)) }));
        const tally = rows.map(({ id, digest }) => ({ came: digest, went: known.get(id) }));
        return { batch: { deliveries: rows.map(({ row }) => row) }, tally };
      });
    } finally {
      close();
    }
  }

  return async (delivery) => {
    gathered.set(delivery.id, delivery);
    next ??= write();
    await next;
  };
}
