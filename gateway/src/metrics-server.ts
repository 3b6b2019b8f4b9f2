// The second listener, for the operator's own machine alone: metrics are not for clients, and so not behind their keys.
import http, { type Server } from 'node:http';
import type { Metrics } from './metrics.ts';

export function createMetricsServer({ registry }: Metrics): Server {
  return http.createServer((req, res) => {
    if (req.url !== '/metrics' || req.method !== 'GET') {
      res.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => res.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => res.writeHead(500).end(String(error)),
    );
  });
}
