// Loaded before the Portkey gateway, which names no host and so would listen to the whole network: keeps it on loopback, and says
// on which port it listens. Nothing else of it is touched.
import { Server, type AddressInfo } from 'node:net';
import { endWithParent } from './announce.ts';

// oxlint-disable-next-line typescript/unbound-method -- it is called with the server that it was called on
const listen = Server.prototype.listen;
Server.prototype.listen = function listenOnLoopback(this: Server, port?: unknown, _host?: unknown, listening?: unknown): Server {
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, () => {
    console.log(JSON.stringify({ listening: (this.address() as AddressInfo).port }));
    if (typeof listening === 'function') listening();
  });
};
endWithParent();
