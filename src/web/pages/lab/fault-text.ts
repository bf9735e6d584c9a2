import { useText } from '../../i18n/use-text.ts';

/** The phone speaks English; other languages know its faults by their stable names. */
export function useFaultText(): (
  fault: string,
  message: string,
  remedy: string,
) => { message: string; remedy: string } {
  const { lookup } = useText();
  return (fault, message, remedy) => ({
    message: lookup('labFault', fault, message),
    remedy: lookup('labRemedy', fault, remedy),
  });
}
