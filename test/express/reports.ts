// An application of its own, with the middleware in front of its routes and no proxy anywhere: what a reader of the README would write.
import express, { type Express } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTollgate, type Tollgate } from 'tollgate/express';

/** What the handlers saw, as the witness that they ran. */
export interface Seen {
  route: string;
  body: unknown;
}

export interface Reports {
  app: Express;
  tollgate: Tollgate;
  seen: Seen[];
}

/** @param config path of tollgate.yaml */
export async function openReports(config: string): Promise<Reports> {
  const tollgate = await openTollgate({ config, environment: {} });
  const app = express();
  const seen: Seen[] = [];
  const note = (route: string, body: unknown = null): void => void seen.push({ route, body });
  app.use(tollgate.middleware);
  app.use(tollgate.api);
  app.use(express.json());
  app.get('/about', (_req, res) => void res.json({ about: 'reports' }));
  app.post('/about', (req, res) => void res.json({ got: req.body as unknown }));
  app.post('/reports/make', (req, res) => {
    note('make', req.body);
    res.cookie('session', '1').json({ pages: (req.body as { pages: number }).pages, session: 'ok' });
  });
  app.post('/reports/raw', (req, res) => {
    note('raw', req.body);
    res.send(`got ${JSON.stringify(req.body)}`);
  });
  // Express 5 takes a rejection for an error.
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers
  app.get('/reports/stream', async (req, res) => {
    note('stream');
    res.type('text/event-stream');
    for (let at = 0; at < 5; at += 1) {
      res.write(`data: ${at}\n\n`);
      await sleep(Number(req.query['every'] ?? 20));
    }
    res.end();
  });
  app.get('/reports/long', async (_req, res) => {
    note('long');
    res.type('text/event-stream');
    for (let at = 0; at < 2_000 && !res.destroyed; at += 1) {
      if (!res.write(`data: ${'x'.repeat(1_000)}\n\n`)) await new Promise((resolve) => res.once('drain', resolve));
      await sleep(1);
    }
    res.end();
  });
  app.get('/reports/throws', () => {
    note('throws');
    throw new Error('a fault of the application');
  });
  app.get('/reports/rejects', async () => {
    note('rejects');
    await sleep(5);
    throw new Error('a fault of the application');
  });
  // Express 5 takes a rejection for an error.
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers
  app.get('/reports/halfway', async (req, res) => {
    note('halfway');
    res.type('text/event-stream').write('data: 1\n\n');
    if (req.query['later'] === '1') await sleep(30);
    throw new Error('a fault of the application, in the middle of its answer');
  });
  app.get('/reports/never', () => note('never'));
  app.get('/reports/status/:status', (req, res) => {
    note('status');
    res.writeHead(Number(req.params.status), { 'x-own': 'yes', 'credits-cost': '0' });
    res.end('told');
  });
  return { app, tollgate, seen };
}
