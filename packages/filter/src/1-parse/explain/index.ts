import type { Diagnostic } from '../../diagnostic.ts';
import { explainBeginning } from './beginning.ts';
import { explainNumber } from './number.ts';
import { explainOperand } from './operand.ts';
import { explainQualifiers } from './qualifiers.ts';
import { explainRest } from './rest.ts';
import type { Situation } from './situation.ts';

/**
 * Why the grammar stopped where it did, told in the words of the filter language rather than in
 * those of the grammar: by what was read last, since that says what was to be expected.
 */
export function explainSyntaxError(situation: Situation): Diagnostic {
  return (
    explainBeginning(situation) ??
    explainQualifiers(situation) ??
    explainOperand(situation) ??
    explainNumber(situation) ??
    explainRest(situation)
  );
}
