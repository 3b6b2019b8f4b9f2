// Buying: orders of packages and plans, the saved payment method, auto-purchase and extra credits, as the gateway's own API takes and shows
// them. Prices are decimal text with their currency; credits are credits.
import { z } from 'zod';
import { credits, cursor, id, limit, time } from './contract.ts';

const money = z
  .strictObject({ amount: z.string().describe('Decimal, exact'), currency: z.string().describe('ISO 4217') })
  .meta({ id: 'Money', examples: [{ amount: '12.00', currency: 'USD' }] });
const charging = z
  .enum(['by hand', 'stripe'])
  .describe('Who takes the money. By hand: nothing is charged by itself, an operator confirms that it has come');
const item = z.string().min(1).max(200).describe('Its name in the rate card');
const reason = z.string().max(500);

// ── Orders ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const order = z
  .strictObject({
    id: z.string(),
    organization: z.string(),
    what: z
      .enum(['package', 'plan', 'auto', 'extra'])
      .describe('auto: by auto-purchase; extra: the bill for extra credits of a cycle'),
    item: z.string(),
    credits: credits.describe('What a package brings; what an extra bill is for'),
    price: money,
    state: z.enum(['open', 'paid', 'declined', 'ended']).describe('paid: the payment has come and its credits are granted'),
    charging,
    url: z.string().nullable().describe('Where a person pays'),
    reference: z.string().nullable().describe("The payment account's own id of the payment"),
    method: z.string().nullable().describe('The saved payment method that it is charged to, for people'),
    by: z.string().describe('The key that ordered; gateway for what is ordered by itself'),
    madeAt: time,
    paidAt: time.nullable(),
    grant: z.string().nullable().describe('The grant that it has become'),
    expiresAt: time.nullable().describe('When its credits end'),
    reason: z.string().describe('Why it was declined, or ended'),
  })
  .meta({ id: 'Order' });

export const orderRequest = z
  .strictObject({
    id: id.optional().describe('Chosen by the client, so that a repeat buys nothing twice; or send Idempotency-Key'),
    what: z.enum(['package', 'plan']).default('package'),
    item,
    pay: z
      .enum(['checkout', 'saved'])
      .default('checkout')
      .describe('A person pays at the url of the answer, or the saved payment method is charged now'),
  })
  .meta({ id: 'OrderRequest' });

export const madeOrder = z.strictObject({ order, repeated: z.boolean() }).meta({ id: 'MadeOrder' });
export const oneOrder = z.strictObject({ order }).meta({ id: 'OneOrder' });
export const ordersQuery = z.strictObject({
  state: z.enum(['open', 'paid', 'declined', 'ended']).optional(),
  after: cursor,
  limit,
});
export const orders = z
  .strictObject({
    orders: z.array(order),
    next: z.string().nullable().describe('The cursor of the next page; orders come by id'),
  })
  .meta({ id: 'Orders' });
export const wordRequest = z.strictObject({ reason: reason.default('') }).meta({ id: 'WordRequest' });

// ── The saved payment method ────────────────────────────────────────────────────────────────────────────────────────────

export const paymentMethod = z
  .strictObject({ label: z.string().describe('For people: Visa ending in 4242'), savedAt: time.nullable() })
  .meta({ id: 'PaymentMethod' });
export const onePaymentMethod = z
  .strictObject({ charging, paymentMethod: paymentMethod.nullable() })
  .meta({ id: 'OnePaymentMethod' });
export const setUpMethod = z
  .strictObject({
    charging,
    url: z.string().nullable().describe('Where a person saves it'),
    paymentMethod: paymentMethod.nullable(),
  })
  .meta({ id: 'SetUpMethod' });
export const endedMethod = z
  .strictObject({
    charging,
    ended: z.boolean().describe('Whether it was ended at the payment account too; it is charged no more either way'),
  })
  .meta({ id: 'EndedMethod' });

// ── Auto-purchase ───────────────────────────────────────────────────────────────────────────────────────────────────────

const coolDown = z.string().regex(/^\d{1,6}(s|m|h|d)$/, 'a time such as 10m, 1h or 1d');
const mostPerCycle = z.int().min(1).max(1_000);

export const autoPurchase = z
  .strictObject({
    package: z.string(),
    threshold: credits.describe('Bought when less than this is available in the pool'),
    mostPerCycle: z.int(),
    coolDown: z.string().describe('Between two purchases at least'),
    paused: z.strictObject({ reason: z.string(), at: time }).nullable().describe('Why it stands still'),
    price: money.nullable().describe('Of one package, as the rate card has it now'),
    credits: credits.nullable().describe('Of one package'),
    bought: z.int().describe('Purchases that were paid in this cycle'),
  })
  .meta({ id: 'AutoPurchase' });
export const oneAutoPurchase = z
  .strictObject({ charging, autoPurchase: autoPurchase.nullable() })
  .meta({ id: 'OneAutoPurchase' });

/** What is left out stays as it is; the first time, `package` and `threshold` are needed. */
export const autoPurchaseChange = z
  .strictObject({
    package: item.optional(),
    threshold: credits.positive().optional(),
    mostPerCycle: mostPerCycle.optional().describe('10 at first'),
    coolDown: coolDown.optional().describe('10m at first'),
    paused: z.boolean().optional().describe('false resumes it'),
  })
  .meta({ id: 'AutoPurchaseChange' });

// ── Extra credits ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const extraCredits = z
  .strictObject({
    charging,
    limit: credits.describe('The most in a cycle; PATCH organizations/{id} sets it'),
    fee: money.nullable().describe('Of one credit, as the plan says it now; null where the plan has none'),
    cycles: z
      .array(
        z.strictObject({
          from: time,
          credits: credits.describe('Drawn'),
          held: credits,
          fees: z.array(z.strictObject({ credits, fee: money })).describe('Exact, one for each currency'),
          bills: z.array(z.string()).describe('Ids of its orders, once it has ended'),
        }),
      )
      .describe('Newest first'),
  })
  .meta({ id: 'ExtraCredits' });
export const extraQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(12) });

// ── The payment account ─────────────────────────────────────────────────────────────────────────────────────────────────

export const takenMessage = z.strictObject({ taken: z.string().describe('What became of it') }).meta({ id: 'TakenMessage' });
/** Read as it came, byte for byte, because it is what was signed. */
export const signedMessage = z.unknown();
