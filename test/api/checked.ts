// Asks the API and checks every answer by the schema of its route: what the documents say is what comes.
import { problem } from '@tollgate/shared/contract';
import { expect } from 'vitest';
import { ROUTES } from '../../gateway/src/api/routes.ts';
import type { ApiAnswer, GatewayKit } from '../kit/gateway.ts';

/** As `kit.api`, with every answer checked. */
export function checkedApi(kit: Pick<GatewayKit, 'api'>): GatewayKit['api'] {
  return async (method, path, body, key) => {
    const answer = await kit.api(method, path, body, key);
    const route = ROUTES.find((one) => one.method === method && fits(one.path, path));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    if (answer.status >= 400) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      problem.parse(answer.body);
    } else route?.answer.parse(answer.body);
    return answer;
  };
}

function fits(pattern: string, path: string): boolean {
  const shape = pattern.replaceAll(/[.]/g, '[.]').replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${shape}$`).test(`/${path.split('?', 1)[0]}`);
}

export function refused(answer: ApiAnswer): [status: number, code: string, field: string | undefined] {
  return [answer.status, answer.body.code, answer.body.field];
}
