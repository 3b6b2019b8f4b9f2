// Claims and the answers that are kept with them.
import { claimDigest } from './digest.ts';
import type { Finding, VerifyStore } from './verify.ts';

export async function* verifyClaims(store: VerifyStore): AsyncGenerator<Finding> {
  for await (const page of store.claims()) {
    for (const { claim, call, answerDigest } of page) {
      const found = (problem: string): Finding => ({ table: 'claims', id: claim.id, problem });
      if (claim.digest !== claimDigest(claim)) yield found('its digest does not fit its fields');
      if (answerDigest !== claim.answer)
        yield { table: 'answers', id: claim.id, problem: 'it is not the answer that the claim was closed with' };
      if (call === null || call.claim !== claim.id) yield found(`no call ${claim.callId} holds it`);
      else if (call.claimUntil !== claim.expiresAt)
        yield found(`it expires at ${claim.expiresAt}, its call says ${call.claimUntil}`);
      else if (claim.done !== (call.state !== 'open')) yield found(`done is ${claim.done}, its call is ${call.state}`);
    }
  }
}
