// The least that a proxy in Node can do: node:http on both sides with kept connections, streams piped, nothing else.
import { Agent, createServer, request as ask } from 'node:http';
import { announce } from './announce.ts';

const upstream = new URL(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const path = request.url?.slice('/openai'.length);
  const headers = { ...request.headers, host: upstream.host };
  const { hostname, port } = upstream;
  const forwarded = ask({ agent, hostname, port, path, method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  request.pipe(forwarded);
});
announce(server);
