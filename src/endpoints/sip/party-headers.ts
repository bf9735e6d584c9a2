import type { Party } from '../../domain/calls/party.ts';
import { formatAddress } from '../../protocol/sip/address.ts';
import { type Param, quote } from '../../protocol/sip/grammar.ts';
import { field, type HeaderField } from '../../protocol/sip/message.ts';
import { encodeUser, formatUri, sipUri } from '../../protocol/sip/uri.ts';

const anonymous = 'sip:anonymous@anonymous.invalid';

/** From as the registrar writes it. `host`: ours, as the other side knows it. */
export function fromOf(party: Party, host: string, tag: string | undefined): HeaderField {
  const params: readonly Param[] = tag === undefined ? [] : [['tag', tag]];
  return field(
    'From',
    party.hidden ? `"Anonymous" <${anonymous}>${tag === undefined ? '' : `;tag=${tag}`}` : named(party, host, params),
  );
}

/** P-Asserted-Identity (RFC 3325) and Remote-Party-ID, which the field's phones show. `side`: which end of the call the named one is. */
export function identityOf(party: Party, host: string, side: 'calling' | 'called'): HeaderField[] {
  const shown = (privacy: string): readonly Param[] => [
    ['party', side],
    ['screen', 'yes'],
    ['privacy', privacy],
  ];
  if (party.hidden) {
    return [field('Remote-Party-ID', named({ number: 'anonymous', display: 'Anonymous' }, host, shown('full')))];
  }
  return [
    field('P-Asserted-Identity', named(party, host, [])),
    field('Remote-Party-ID', named(party, host, shown('off'))),
  ];
}

/** Referred-By (RFC 3892): who asks for a transfer. */
export function referrerOf(party: Party, host: string): HeaderField[] {
  return party.hidden ? [] : [field('Referred-By', named(party, host, []))];
}

function named({ number, display }: Pick<Party, 'number' | 'display'>, host: string, params: readonly Param[]): string {
  return formatAddress({
    display: display === '' ? undefined : quote(display),
    uriText: formatUri(sipUri(encodeUser(number), host)),
    params,
  });
}
