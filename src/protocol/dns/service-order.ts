import type { Random } from '../../kernel/random.ts';
import type { DnsRecord } from './record.ts';

export type ServiceRecord = Extract<DnsRecord, { type: 'SRV' }>;

/**
 * The order in which the targets of an SRV answer are to be tried (RFC 2782): lower priorities first; within one, drawn by weight, those
 * without a weight last but with a small chance. A lone empty target means that there is no such service: an empty list.
 */
export function serviceOrder(
  records: readonly ServiceRecord[],
  random: Pick<Random, 'below'>,
): readonly ServiceRecord[] {
  if (records.every(({ target }) => target === '')) return [];
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((wanted) =>
    drawn(
      records.filter(({ priority, target }) => priority === wanted && target !== ''),
      random,
    ),
  );
}

function drawn(records: readonly ServiceRecord[], random: Pick<Random, 'below'>): readonly ServiceRecord[] {
  // Those of weight 0 stand first, so that only a draw of 0 takes them early.
  const left = [...records].sort((a, b) => Math.sign(a.weight) - Math.sign(b.weight));
  const order: ServiceRecord[] = [];
  while (left.length > 0) {
    const sum = left.reduce((total, { weight }) => total + weight, 0);
    const draw = random.below(sum + 1);
    let passed = 0;
    const at = left.findIndex(({ weight }) => {
      passed += weight;
      return passed >= draw;
    });
    order.push(...left.splice(at, 1));
  }
  return order;
}
