// Webhooks: where an organization's events are sent. A webhook's secret is told where it is made and rotated, and nowhere else.
import { randomBytes, hash } from 'node:crypto';
import type { z } from 'zod';
import type { rotateWebhook, webhookChange, webhookRequest } from '@tollgate/shared/live-contract';
import { isRefusal, refusal, type Refusal } from '../call/refuse.ts';
import { idempotencyKey } from '../call/once.ts';
import type { Put } from '../ledger/commands.ts';
import { messageId } from '../live/attempt.ts';
import { webhookSecret } from '../live/webhook-secret.ts';
import { putOf, type Kept } from '../people/directory.ts';
import type { Webhook } from '../people/documents.ts';
import { attempt, auditOf, staleFor } from './change.ts';
import { lockOf, openOrganization } from './open-organization.ts';
import { document, isoOrNull, keyOf, made, ok, organizationOf, type Answered, type ApiParts, type Asking } from './route.ts';
import { millisecondsOf } from './time-span.ts';

type WebhookRequest = z.output<typeof webhookRequest>;
type WebhookChange = z.output<typeof webhookChange>;
type RotateWebhook = z.output<typeof rotateWebhook>;

// Each event of an organization is sent to each of them.
const WEBHOOKS_MOST = 20;

/** A repeat of the id with the same content makes nothing, and can not tell the secret again: rotate it where it was lost. */
export async function makeWebhook(api: ApiParts, asking: Asking<unknown, WebhookRequest>): Promise<Answered> {
  const organization = organizationOf(api, asking);
  const id = webhookId(asking, organization);
  if (typeof id === 'object') return id;
  const { url, types } = asking.body;
  const wrong = await checkUrl(api, url);
  if (wrong !== undefined) return wrong;
  return attempt(api, async () => {
    const known = await api.directory.get('webhook', id);
    if (known !== undefined) {
      const isSame = known.body.url === url && JSON.stringify(known.body.types) === JSON.stringify(types);
      if (isSame) return ok({ webhook: showWebhook(known.body, known.version), secret: null, repeated: true });
      const message = `The webhook ${id} exists and is another one, or was changed since. Choose another id.`;
      return refusal('conflict', message, { field: 'body.id' });
    }
    const kept = await openOrganization(api, organization);
    if (isRefusal(kept)) return kept;
    if ((await api.directory.list('webhook', { organization })).length >= WEBHOOKS_MOST) {
      return refusal('conflict', `An organization has at most ${WEBHOOKS_MOST} webhooks. Delete one, or give one more types.`);
    }
    const webhook: Webhook = { id, organization, url, types, secret: 1, rotatedUntil: null, disabled: null };
    return {
      puts: [putWebhook(webhook, 0), lockOf(kept)],
      audits: [auditOf(asking, organization, 'webhook.make', subjectOf(webhook), { after: webhook })],
      answer: (version) =>
        made({ webhook: showWebhook(webhook, version), secret: secretOf(api, webhook), repeated: false }, false, version),
    };
  });
}

export async function listWebhooks(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const kept = await api.directory.list('webhook', { organization: organizationOf(api, asking) });
  return ok({ webhooks: kept.map(({ body, version }) => showWebhook(body, version)) });
}

export async function readWebhook(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  const kept = await visibleWebhook(api, asking);
  return isRefusal(kept) ? kept : document({ webhook: showWebhook(kept.body, kept.version) }, kept.version);
}

export async function changeWebhook(api: ApiParts, asking: Asking<unknown, WebhookChange>): Promise<Answered> {
  const { url, types, enabled } = asking.body;
  const wrong = url === undefined ? undefined : await checkUrl(api, url);
  if (wrong !== undefined) return wrong;
  return change(api, asking, 'webhook.change', (before) => {
    const stopped = before.disabled ?? `switched off by ${keyOf(asking).id}`;
    const disabled = enabled === undefined ? before.disabled : enabled ? null : stopped;
    const after = { ...before, url: url ?? before.url, types: types ?? before.types, disabled };
    return { after, answer: (version) => document({ webhook: showWebhook(after, version) }, version) };
  });
}

/** What is on its way to it is not sent any more. Its id stays taken. */
export async function deleteWebhook(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return change(api, asking, 'webhook.delete', (before, version) => ({
    after: null,
    answer: () => ok({ webhook: showWebhook(before, version) }),
  }));
}

/** A repeat would make one more: send If-Match, and a repeat is refused instead. */
export async function rotateSecret(api: ApiParts, asking: Asking<unknown, RotateWebhook>): Promise<Answered> {
  return change(api, asking, 'webhook.rotate', (before) => {
    const after = {
      ...before,
      secret: before.secret + 1,
      rotatedUntil: api.now() + millisecondsOf(asking.body.overlap),
    };
    return {
      after,
      answer: (version) =>
        document({ webhook: showWebhook(after, version), secret: secretOf(api, after), repeated: false }, version),
    };
  });
}

/** An event that goes to this webhook alone, by the same way as all others. */
export async function testWebhook(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await visibleWebhook(api, asking);
    if (isRefusal(kept)) return kept;
    const { id, organization, disabled } = kept.body;
    if (disabled !== null) return refusal('conflict', `Nothing is sent to this webhook: ${disabled}. Enable it first.`);
    const event = `test:${id}:${randomBytes(8).toString('hex')}`;
    return {
      puts: [],
      audits: [auditOf(asking, organization, 'webhook.test', subjectOf(kept.body))],
      events: [{ id: event, type: 'webhook.tested', organization, workspace: null, data: { webhook: id, by: keyOf(asking).id } }],
      answer: () => made({ event: messageId(event) }, false),
    };
  });
}

/** The webhook of the path, by its whole id or as the organization's own client has called it, where it is the organization's; to others it does not exist. */
export async function visibleWebhook(api: ApiParts, asking: Asking<unknown, unknown>): Promise<Kept<'webhook'> | Refusal> {
  const id = asking.params['id'] ?? '';
  const organization = organizationOf(api, asking);
  for (const name of [id, ownName(organization, id)]) {
    const kept = await api.directory.get('webhook', name);
    if (kept !== undefined && kept.body.organization === organization) return kept;
  }
  return refusal('not_found', `There is no webhook ${id} that this key may see.`);
}

export function subjectOf({ id }: Webhook): { kind: string; id: string } {
  return { kind: 'webhook', id };
}

async function change(
  api: ApiParts,
  asking: Asking<unknown, unknown>,
  action: string,
  decide: (before: Webhook, version: number) => { after: Webhook | null; answer: (version: number) => Answered },
): Promise<Answered> {
  return attempt(api, async () => {
    const kept = await visibleWebhook(api, asking);
    if (isRefusal(kept)) return kept;
    const stale = staleFor(asking, kept.version);
    if (stale !== undefined) return stale;
    const { body: before, version } = kept;
    const { after, answer } = decide(before, version);
    return {
      puts: [
        after === null
          ? putOf('webhook', before.id, before.organization, null, { expects: version })
          : putWebhook(after, version),
      ],
      audits: [auditOf(asking, before.organization, action, subjectOf(before), { before, after })],
      answer,
    };
  });
}

async function checkUrl({ live }: ApiParts, url: string): Promise<Refusal | undefined> {
  const wanted = await live.targets.check(url);
  return wanted === undefined ? undefined : refusal('input_invalid', `body.url: it takes ${wanted}.`, { field: 'body.url' });
}

/**
 * Within the organization: ids are the whole gateway's, and a taken one would tell of somebody else's webhook. One of the two is needed:
 * without, a retry after a lost answer would make a second webhook that nobody has the secret of.
 */
function webhookId({ req, body }: Asking<unknown, WebhookRequest>, organization: string): string | Refusal {
  const key = idempotencyKey(req);
  if (typeof key === 'object') return key;
  if (body.id !== undefined) return ownName(organization, body.id);
  if (key !== undefined) return `wh-${hash('sha256', `${organization}\n${key}`).slice(0, 16)}`;
  const message = 'body.id is missing: choose one, or send Idempotency-Key, so that a repeat makes no second webhook.';
  return refusal('input_invalid', message, { field: 'body.id' });
}

function ownName(organization: string, id: string): string {
  return `${organization}:${id}`;
}

function putWebhook(webhook: Webhook, expects: number): Put {
  return putOf('webhook', webhook.id, webhook.organization, webhook, { expects });
}

function secretOf({ config }: ApiParts, { id, secret }: Webhook): string {
  return webhookSecret(config.secret, id, secret);
}

function showWebhook({ id, organization, url, types, disabled, rotatedUntil }: Webhook, version: number): object {
  return { id, organization, url, types, enabled: disabled === null, disabled, rotatedUntil: isoOrNull(rotatedUntil), version };
}
