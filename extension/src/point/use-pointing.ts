import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { connect, type Connection } from './connection.ts';
import type { FromPointer, PointFor, PointKey, ToPanel, ToPointer } from './point-messages.ts';

export interface Pointing {
  state: 'starting' | 'ready' | 'gone';
  /** Frames point; the pointer of a person is in one of them, the keyboard goes through them one after the other. */
  point(what: PointFor, frame: number | 'all'): void;
  rest(): void;
  key(key: PointKey): void;
  send(frame: number, message: ToPointer): void;
  /** Ends it everywhere, with this panel. */
  leave(): void;
}

export type HeardHere = Exclude<FromPointer, { type: 'here' | 'past' | 'secret' }>;

const TOP = 0;

/** `hear` is told what frames say, and whether prices are on for that frame's origin. */
export function usePointing(
  secret: Promise<string | undefined>,
  hear: (message: HeardHere, frame: number, origin: string, isOn: boolean) => void,
): Pointing {
  const [state, setState] = useState<Pointing['state']>('starting');
  const connection = useRef<Connection | undefined>(undefined);
  const listener = useRef(hear);
  listener.current = hear;
  // Which frame the keyboard is in, and what was last asked of frames: one that comes late is told too.
  const keys = useRef(TOP);
  const last = useRef<{ to: number | 'all'; message: ToPointer } | null>(null);

  const hearOne = useCallback(({ frame, origin, isOn, message }: ToPanel): void => {
    if (message.type === 'past') {
      const frames = connection.current?.frames() ?? [];
      const step = message.backwards ? -1 : 1;
      const at = frames.indexOf(frame) + step;
      keys.current = frames.at(at % frames.length) ?? TOP;
      connection.current?.send(keys.current, { type: 'key', key: message.backwards ? 'previous' : 'next' });
    } else if (message.type === 'here') {
      setState('ready');
      const isMeant = last.current !== null && (last.current.to === 'all' || last.current.to === frame);
      connection.current?.send(frame, isMeant && last.current !== null ? last.current.message : { type: 'rest' });
    } else if (message.type !== 'secret') listener.current(message, frame, origin, isOn);
  }, []);

  useEffect(() => {
    let isOver = false;
    const start = async (): Promise<void> => {
      const opened = await connect(secret, hearOne, () => setState('gone'));
      if (isOver) return opened?.end();
      connection.current = opened;
      setState((before) => (opened === undefined ? 'gone' : before));
    };
    void start();
    return () => {
      isOver = true;
      connection.current?.end();
    };
  }, [secret, hearOne]);

  const tell = useCallback((to: number | 'all', message: ToPointer): void => connection.current?.send(to, message), []);
  return {
    state,
    point: useCallback(
      (what, frame) => {
        keys.current = frame === 'all' ? TOP : frame;
        last.current = { to: frame, message: { type: 'point', for: what } };
        tell(frame, last.current.message);
      },
      [tell],
    ),
    rest: useCallback(() => {
      last.current = null;
      tell('all', { type: 'rest' });
    }, [tell]),
    key: useCallback((key) => tell(keys.current, { type: 'key', key }), [tell]),
    send: tell,
    leave: useCallback(() => connection.current?.end(), []),
  };
}
