// Strangers through one upstream account (promise 7): where a service keeps what its callers made, a route that reads without naming one thing
// would show everybody's. Once there are several organizations, it takes the operator's word, `shares: true`, that it does not.
import type { Gate } from './gate.ts';
import type { Quoted } from './price.ts';
import { refusal, type Refusal } from './refuse.ts';

/**
 * 404 for a route that may show what other organizations made: one that reads (GET, HEAD) and has no `owns:`, or has no price at all, on a service
 * where operations make or own things.
 */
export async function checkShared(gate: Gate, call: Quoted): Promise<Refusal | undefined> {
  if (!mayShowOthers(call) || !(await gate.payers.organizations.areMany())) return undefined;
  const message =
    'This route may show what other organizations made through the same upstream account. It takes `owns:` or `shares: true` in the rate card. Nothing was forwarded.';
  return refusal('not_found', message, { operation: call.operationId });
}

function mayShowOthers({ service, operation, request }: Quoted): boolean {
  if (!service.keepsThings) return false;
  if (operation === undefined) return true;
  return (request.method === 'GET' || request.method === 'HEAD') && operation.owns === undefined && !operation.shares;
}
