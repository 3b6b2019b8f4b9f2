// How a peer of the benchmark tells that it is ready, and ends with the process that started it.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port of 127.0.0.1 and prints `{"listening": <port>}`. */
export function announce(server: Server): void {
  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ listening: (server.address() as AddressInfo).port })));
  endWithParent();
}

/** The channel to the parent closes when the parent ends, however it ends. */
export function endWithParent(): void {
  process.once('disconnect', () => process.exit());
}
