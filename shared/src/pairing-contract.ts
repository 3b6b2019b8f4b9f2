// Pairing: a person who has a key lets a browser have a key of its own that sees and never spends. A code is good once, for ten minutes.
import { z } from 'zod';
import { key, slug, userId } from './keys-contract.ts';
import { name, time } from './contract.ts';
import { PAIRING_CODE } from './pairing-code.ts';

export const pairingRequest = z
  .strictObject({
    user: userId
      .optional()
      .describe('Whose browser it is: manage and operate keys name them; others pair for whom they belong to'),
    workspace: slug.optional().describe('Where; the place of the key that asks where it is left out'),
  })
  .meta({ id: 'PairingRequest' });

export const pairing = z
  .strictObject({
    code: z.string().describe('K7QF9-M2XTR'),
    link: z.string().describe('The page for pairing at this gateway, with the code behind #: nothing of it reaches a server log'),
    expiresAt: time,
  })
  .meta({ id: 'Pairing' });

export const pairingClaim = z
  .strictObject({
    code: z.string().regex(PAIRING_CODE, 'a code such as K7QF9-M2XTR'),
    name: name.describe('What the key is called: "Firefox on Linux"'),
  })
  .meta({ id: 'PairingClaim' });

export const paired = z
  .strictObject({
    key,
    text: z.string().describe('The key itself, told here alone'),
    gateway: z.string().describe('What people call this gateway'),
  })
  .meta({ id: 'Paired' });

export type Paired = z.output<typeof paired>;
