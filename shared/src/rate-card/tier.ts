import { rational, type Rational } from './exact.ts';
import { didYouMean } from './nearest.ts';
import type { Place } from './parse.ts';
import type { Scope } from './scope.ts';

/** The credits of a tier; reports an unknown one. */
export function tierPrice(scope: Scope, tier: string, place: Place): Rational | undefined {
  const credits = scope.tiers.get(tier);
  if (credits !== undefined) return rational(credits);
  const known = [...scope.tiers.keys()];
  const right = known.length === 0 ? 'declare it under tiers' : `one of ${known.join(', ')} would be right`;
  scope.report.problem(place, `there is no tier "${tier}"; ${right}.${didYouMean(tier, known)}`);
  return undefined;
}
