// Which operation a call is, byte for byte (decision 9): the service by whole segments of its path, then the most exact pattern.
import type { Operation, RateCard, Service } from './rate-card/card.ts';
import { editSteps } from './rate-card/nearest.ts';
import { matchPattern, relation } from './rate-card/pattern.ts';

export type Match =
  | {
      kind: 'priced';
      service: Service;
      operation: Operation;
      /** By name, as they stand in the path: nothing is decoded. */
      params: Readonly<Record<string, string>>;
      /** Below the service: what is forwarded. */
      path: string;
      /** Operations that fit the path too and lost, with the reason. */
      losers(): readonly Loser[];
    }
  | {
      kind: 'unpriced';
      service: Service | undefined;
      /** `POST /openai/v1/chat/completions`: the operation that was perhaps meant. */
      closest: string | undefined;
      /** True where the card lets unpriced routes of its services through, flagged. */
      free: boolean;
    };

export interface Loser {
  id: string;
  why: string;
}

/**
 * @param fullPath as the client sent it, without the query.
 * HEAD is matched as GET: rule 13 charges its request's lines only.
 */
export function matchOperation(card: RateCard, method: string, fullPath: string): Match {
  const service = card.services.find(({ path }) => fullPath === path || fullPath.startsWith(`${path}/`));
  if (service === undefined)
    return { kind: 'unpriced', service, closest: closestTo(card.services, method, fullPath), free: false };
  const path = fullPath.slice(service.path.length);
  const wanted = method === 'HEAD' ? 'GET' : method;
  const pieces = path.slice(1).split('/');
  if (path !== '') {
    // Compiling put more exact patterns first, so the first that fits is the one.
    for (const operation of service.operations) {
      if (operation.method !== wanted) continue;
      const params = matchPattern(operation.pattern, pieces);
      if (params === undefined) continue;
      return { kind: 'priced', service, operation, params, path, losers: () => losersTo(operation, service, pieces) };
    }
  }
  return { kind: 'unpriced', service, closest: closestTo([service], method, fullPath), free: card.unpriced === 'flag' };
}

function losersTo(winner: Operation, service: Service, pieces: readonly string[]): Loser[] {
  return service.operations.flatMap((operation) => {
    if (operation === winner || matchPattern(operation.pattern, pieces) === undefined) return [];
    if (operation.method !== winner.method) return [{ id: operation.id, why: `it is for ${operation.method}` }];
    const wider = relation(winner.pattern, operation.pattern) === 'inside';
    return [
      { id: operation.id, why: `${winner.pattern.text} is more exact than ${operation.pattern.text}${wider ? '' : ' here'}` },
    ];
  });
}

function closestTo(services: readonly Service[], method: string, fullPath: string): string | undefined {
  // An endless path would take endless time to compare.
  const asked = `${method} ${fullPath}`.slice(0, 200);
  let best: string | undefined;
  let least = Infinity;
  for (const service of services) {
    for (const operation of service.operations) {
      const route = `${operation.method} ${service.path}${operation.pattern.text}`;
      const steps = editSteps(asked, route);
      if (steps < least) [best, least] = [route, steps];
    }
  }
  return best;
}
