// What a gateway answers is read up to a size, as JSON, in the shape of the contract. Nothing of it is believed before.
import type { z } from 'zod';

export const ANSWER_BYTES_MOST = 4_000_000;

/** The text of a body; undefined where it is longer than `most` bytes, and then no more of it is read. */
export async function readText(body: ReadableStream<Uint8Array> | null, most: number): Promise<string | undefined> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > most) {
      await reader.cancel().catch(() => undefined);
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Undefined where it is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A value in the shape of the contract; undefined where it is not. Members that a newer gateway adds are left out. */
export function readShape<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> | undefined {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const unknown = read.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  if (unknown.length < read.error.issues.length) return undefined;
  const copy: unknown = structuredClone(value);
  for (const { path, keys } of unknown) for (const key of keys) drop(copy, path, key);
  return shape.safeParse(copy).data;
}

function drop(value: unknown, path: readonly PropertyKey[], key: string): void {
  const place = path.reduce<unknown>((at, name) => (at as Record<PropertyKey, unknown>)[name], value);
  delete (place as Record<string, unknown>)[key];
}
