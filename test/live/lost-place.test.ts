// A person with places in two organizations who loses the one in the first: what they see of it ends, also on a stream that is open (promise 7).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type GatewayKit } from '../kit/gateway.ts';
import { openStream } from './event-stream.ts';

let kit: GatewayKit;
beforeAll(async () => {
  kit = await startGateway({ credits: 0 });
});
afterAll(() => kit.close());

async function done(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await kit.api(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

test('events of the organization that was lost are told no more, and those of the other one are', async () => {
  for (const id of ['first', 'second']) await done('POST', 'organizations', { id });
  await done('POST', 'users?organization=first', { id: 'ann', name: 'Ann', email: 'ann@example.com' });
  for (const id of ['first', 'second']) await done('PUT', `workspaces/main/users/ann?organization=${id}`, { role: 'viewer' });
  const wanted = { id: 'anns', scope: 'view', user: 'ann', contexts: ['second/main'] };
  const text = String((await done('POST', 'keys?organization=first', wanted))['text']);
  const grant = (organization: string, id: string): Promise<object> =>
    done('POST', `grants?organization=${organization}`, { id, amount: 5 });

  const before = await openStream(kit.url, text);
  await grant('first', 'seen');
  await before.told('grant.made', 1);
  await done('DELETE', 'workspaces/main/users/ann?organization=first');
  await before.ended;
  const after = await openStream(kit.url, text);
  await grant('first', 'hidden');
  await grant('second', 'shown');
  await after.told('grant.made', 1);
  const told = [...before.messages, ...after.messages].filter(({ event }) => event === 'grant.made');
  expect(told.map(({ data }) => data.data.grant)).toEqual(['seen', 'shown']);
  after.close();
});
