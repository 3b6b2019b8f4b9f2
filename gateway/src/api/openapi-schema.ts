// Schemas as JSON Schema, with their named parts where OpenAPI keeps them.
import { z } from 'zod';

export type Json = Record<string, unknown>;

/** @param components takes the named parts */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json;
  for (const [name, part] of Object.entries($defs as Json)) components[name] = moved(part);
  return moved(rest) as Json;
}

function moved(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/')) as unknown;
}
