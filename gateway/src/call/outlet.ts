// The client's side of an answer: back-pressure while it reads, silence once it has left.
import type { ServerResponse } from 'node:http';

export interface Outlet {
  /** True once the client has left: nothing more is written, the call goes on within the limits of rule 9. */
  gone(): boolean;
  /**
   * Undefined where the client can take more at once; else resolves when it can, has left, or did not read for too long (it is then cut
   * off).
   */
  write(piece: Buffer): Promise<void> | undefined;
  end(piece?: Buffer | string): void;
  /** An end that can not be mistaken for a whole answer (rule 12). */
  reset(): void;
}

/** @param idleMs how long a client may not read before it counts as gone */
export function openOutlet(res: ServerResponse, idleMs: number): Outlet {
  const gone = (): boolean => res.destroyed || res.closed;

  function write(piece: Buffer): Promise<void> | undefined {
    return piece.length === 0 || gone() || res.write(piece) ? undefined : readable(res, idleMs);
  }

  return {
    gone,
    write,
    end: (piece) => {
      if (!gone()) res.end(piece);
    },
    reset: () => {
      if (gone()) return;
      if (res.socket === null) res.destroy();
      else res.socket.resetAndDestroy();
    },
  };
}

function readable(res: ServerResponse, idleMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => res.socket?.resetAndDestroy(), idleMs);
    const done = (): void => {
      clearTimeout(timer);
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}
