import { outsideReasonsEn } from './reasons-outside-en.ts';
import type { OnboardingReason } from './steps.ts';
import type { ReasonText } from './texts.ts';

const mismatch = 'Check that the phone in front of the user is the one that was prepared.';

export const reasonsEn: Readonly<Record<OnboardingReason, ReasonText>> = {
  bad_request: {
    cause: 'The phone sent a message this system does not understand.',
    remedy:
      'Update the firmware of the phone. If it is current, keep the reference number of the event for whoever looks into it.',
  },
  unsupported_suite: {
    cause: 'The phone speaks another version of the activation handshake.',
    remedy: 'Update the firmware of the phone, or this system, so that both speak AC-SRP-1.',
  },
  mic_required: {
    cause: 'The phone showed no manufacturer-installed certificate.',
    remedy:
      'Only phones with a certificate from their manufacturer can be onboarded by code. Onboard this one by its MAC address instead.',
  },
  mic_untrusted: {
    cause: 'The certificate of the phone leads to no manufacturer root that is trusted here.',
    remedy:
      'Upload the manufacturer root and intermediate certificates to CallManager-trust. If they are there, the phone is not genuine.',
  },
  mic_expired: {
    cause: 'The certificate of the phone has expired.',
    remedy:
      'Give the manufacturer root in CallManager-trust a dated exception for expired certificates, or replace the phone.',
  },
  mic_not_yet_valid: {
    cause: 'The certificate of the phone is not valid yet.',
    remedy: 'Check the clock of this system: it is probably behind.',
  },
  mic_revoked: {
    cause:
      'The phone is on the deny list, or its manufacturer has revoked its certificate or that of the authority above.',
    remedy:
      'Keep the phone out. If it was denied by mistake, remove it from the deny list; what a manufacturer revoked ends with its next revocation list.',
  },
  mic_subject_invalid: {
    cause: 'The certificate does not name one supported model and one MAC address.',
    remedy: 'The phone is no model that can be onboarded by code, or its certificate is not genuine.',
  },
  mic_purpose: {
    cause: 'The certificate was not issued for a phone to identify itself with.',
    remedy: 'The phone shows the wrong certificate: reset its security settings, or replace it.',
  },
  mic_weak: {
    cause: 'The certificate uses an algorithm or key length that is no longer safe.',
    remedy:
      'If the model is known to carry SHA-1 certificates, mark its root in CallManager-trust as legacy; else replace the phone.',
  },
  mic_proof_invalid: {
    cause: 'The phone knew the code but could not prove that it holds the key of its certificate.',
    remedy: 'Treat the phone as not genuine. Release the code and make a new one for another phone.',
  },
  code_not_accepted: {
    cause: 'The code was not accepted: it is wrong, unknown or locked.',
    remedy:
      'Compare the digits with the code of this phone and enter them again. If that fails, release the code and generate a new one.',
  },
  session_expired: {
    cause: 'The phone took too long between two steps.',
    remedy: 'Enter the code again. If it happens again, look at the network between phone and node.',
  },
  session_channel_mismatch: {
    cause: 'The phone answered on another connection than the one it began on.',
    remedy: 'Enter the code again. If it happens again, something between phone and node opens its TLS connection.',
  },
  rate_limited: {
    cause: 'Too many requests came from this address in a short time.',
    remedy: 'Wait a minute; the phone tries again by itself.',
  },
  mic_proofs_used_up: {
    cause: 'This phone has failed 30 proofs within a day, for whatever codes.',
    remedy:
      'If somebody tries codes with it, deny its certificate. If it was a mistake, forget its failed proofs under Denied Certificates.',
  },
  busy: {
    cause: 'The activation service was overloaded or is not activated on this node.',
    remedy:
      'The phone tries again by itself. Check that the Device Activation Service is activated on at least one node.',
  },
  internal: {
    cause: 'Something broke in this system.',
    remedy: 'Enter the code again. If it happens again, look into the log of the node.',
  },
  code_expired: {
    cause: 'The code was right, but its time had run out.',
    remedy:
      'Release the activation code and generate a new one. The life of a code is set by "Activation Time to Live (Hours)".',
  },
  code_already_used: {
    cause: 'The code has been used by another phone.',
    remedy:
      'A code works once. If the wrong phone used it, clear the MAC address of the record and generate a new code.',
  },
  code_released: {
    cause: 'The code was released by an administrator before it was entered.',
    remedy: 'Give the user the code that is valid now; generate one if there is none.',
  },
  model_mismatch: {
    cause: 'The code was made for another model.',
    remedy: `${mismatch} The record's model and the model of the phone must be the same; else add a phone of the right model.`,
  },
  mac_mismatch: {
    cause: 'The code was made for one particular phone, and this is another one.',
    remedy: `${mismatch} To let any phone of the model in, clear the MAC address of the record; a new code is made then.`,
  },
  mode_not_allowed: {
    cause: 'The code is not allowed on the way the phone came: on premises or over MRA.',
    remedy: 'Set "Allow Activation Code via MRA" on the phone for a phone outside; leave it for a phone inside.',
  },
  device_name_conflict: {
    cause: 'Another record carries the MAC address of this phone already.',
    remedy: 'Delete the other record, or use its code. The code that was entered stays valid.',
  },
  device_disabled: {
    cause: 'The record of the phone is disabled.',
    remedy: 'Enable the phone, then let the user enter the code again.',
  },
  code_length: { cause: 'The code does not have 16 digits.', remedy: 'Enter all 16 digits.' },
  code_check_digit: {
    cause: 'A digit of the code was mistyped.',
    remedy: 'Compare the digits and enter the code again.',
  },
  server_proof_failed: {
    cause: 'The server could not prove to the phone that it knows the code.',
    remedy:
      'The phone may be talking to a system that only pretends to be yours. Check its TFTP setting and the network.',
  },
  trust_mismatch: {
    cause: 'What the phone was told to trust at first is not what the cluster really uses.',
    remedy:
      'Check for another TFTP server in the network, and that the certificates of the node are in the trust list.',
  },
  cloud_unreachable: {
    cause: 'The phone could not reach the cloud activation service.',
    remedy: 'Check Internet access, DNS and proxy where the phone is.',
  },
  edge_unreachable: {
    cause: 'The phone could not reach Expressway-E.',
    remedy: 'Check the SRV record of the activation domain, and the firewall.',
  },
  code_unknown: {
    cause: 'No code begins like the one that was entered.',
    remedy:
      'Compare the digits with the code of this phone. The phone itself is only told that the code was not accepted.',
  },
  code_wrong: {
    cause: 'There is a code that begins like this, but the rest was wrong.',
    remedy: 'Compare the digits with the code of this phone. After too many wrong attempts the code locks.',
  },
  code_locked: {
    cause: 'The code is locked after too many wrong attempts.',
    remedy: 'Release the activation code and generate a new one. Ask whether somebody is guessing.',
  },
  service_off: {
    cause: 'The Device Activation Service is not activated on this node.',
    remedy: 'Activate it in Service Activation.',
  },
  file_not_found: {
    cause: 'There is no such file here.',
    remedy: 'Upload the firmware load, or correct the load name in Device Defaults.',
  },
  phone_locked: {
    cause: 'The phone must enter its activation code first.',
    remedy: 'Let the user enter the code, or untick "Requires Activation Code for Onboarding".',
  },
  not_provisioned: {
    cause: 'There is no record with the MAC address of this phone.',
    remedy: 'Nothing is wrong if the phone waits for an activation code; else add the phone.',
  },
  transfer_timeout: {
    cause: 'The phone stopped answering in the middle of a file.',
    remedy: 'Look at the network between phone and node.',
  },
  certificate_unknown: {
    cause: 'The certificate is none of this cluster.',
    remedy: 'If it should be, add it to the trust store; else somebody shows the phone a foreign certificate.',
  },
  unknown_device: {
    cause: 'There is no device of that name.',
    remedy: 'Add the phone, or restart it if its record was renamed.',
  },
  record_exists: {
    cause: 'The phone could auto-register, but a record with its MAC address exists and waits for an activation code.',
    remedy: 'Delete the existing record, then restart the phone; or let the user enter the activation code.',
  },
  auto_registration_off: {
    cause: 'The phone has no record, its model is set to Auto Registration, and auto-registration is off.',
    remedy:
      'Add the phone; or tick the auto-registration box of one Call Manager group, and give its first node a range of directory numbers.',
  },
  auto_registration_elsewhere: {
    cause: 'The phone tried to auto-register with a node that is not the first active one of its Call Manager group.',
    remedy: 'Nothing is wrong if the phone then finds the first one; else look whether it reaches that node.',
  },
  auto_registration_numbers_used_up: {
    cause: 'Every directory number of the auto-registration range is in use.',
    remedy: 'Widen the range of the node, or delete phones that are not needed any more.',
  },
  auto_registration_profile: {
    cause: 'The Universal Device Template of auto-registration gives phones a security profile this phone cannot use.',
    remedy:
      'Choose a template with a secure profile (for phones that show their certificate), or with a non-secure one without digest authentication.',
  },
  taps_no_record: {
    cause: 'No phone is prepared with the directory number that was entered.',
    remedy: 'Compare the number with the BAT record; the record must have no MAC address yet.',
  },
  taps_ambiguous: {
    cause: 'Several prepared phones of this model have the directory number that was entered.',
    remedy: 'Write the MAC address into the right record by hand.',
  },
  taps_model: {
    cause: 'The phone that is prepared with this directory number is another model.',
    remedy: 'Use a phone of the prepared model, or prepare a record of this one.',
  },
  taps_profile: {
    cause:
      'The prepared phone has a security profile with digest authentication, and TAPS cannot give a phone its password.',
    remedy: 'Give the prepared phone a secure profile, or one without digest authentication.',
  },
  taps_code_required: {
    cause: 'The prepared phone requires an activation code or is switched off; TAPS is no way around that.',
    remedy: 'Let the user enter the code, or untick "Requires Activation Code for Onboarding"; enable the phone.',
  },
  taps_pin: {
    cause: 'Directory number and PIN that were entered do not belong together.',
    remedy: 'Check the owner of the prepared phone, and set the owner a new PIN if it was forgotten.',
  },
  taps_no_pin: {
    cause: 'The prepared phone has no owner, or its owner has no PIN, and TAPS is secured.',
    remedy: 'Set the owner of the prepared phone, and the PIN of that user.',
  },
  taps_too_many: {
    cause: 'Too many wrong entries were made from this phone or for this directory number.',
    remedy: 'Wait an hour, or write the MAC address into the record by hand.',
  },
  taps_not_auto_registered: {
    cause: 'TAPS was called from a phone that did not auto-register.',
    remedy: 'TAPS is only for auto-registered phones; change this one in the administration.',
  },
  taps_no_input: {
    cause: 'Nothing was entered for too long.',
    remedy: 'Call again. If keys were pressed, look whether the phone sends DTMF by RFC 4733, SIP INFO or KPML.',
  },
  taps_hung_up: { cause: 'The caller hung up before the end.', remedy: 'Call again.' },
  taps_media: {
    cause:
      'The call could not be answered: the phone offers no audio that TAPS speaks (G.711, plain or with SRTP keys), or no port is free.',
    remedy: 'Allow G.711 on the phone, and look at the media ports of the TAPS Service.',
  },
  taps_failed: {
    cause: 'Something broke while the record was being changed.',
    remedy: 'Look at the record, then call again; if it happens again, look into the log of the node.',
  },
  taps_stopped: { cause: 'The node was stopped during the call.', remedy: 'Call again.' },
  digest_failed: {
    cause: 'User name or password of the registration was wrong.',
    remedy:
      'Restart the phone so that it fetches its credentials again; if that does not help, generate a new activation code.',
  },
  certificate_mismatch: {
    cause: 'The certificate the phone showed is not that of the device it registers as.',
    remedy: 'Check the MAC address of the record against the label on the phone.',
  },
  transport_not_allowed: {
    cause: 'The phone came by another transport than its security profile allows.',
    remedy: 'Restart the phone so that it fetches its configuration again.',
  },
  registered_elsewhere: {
    cause: 'The device is registered from another address.',
    remedy: 'Check for a second phone or client with the same device name.',
  },
  certificate_required: {
    cause: 'The phone registered without showing its certificate, which its security profile asks for.',
    remedy: 'Restart the phone so that it fetches its configuration again.',
  },
  certificate_refused: {
    cause: 'The certificate the phone showed when it registered is not accepted here.',
    remedy:
      'Check that the root of its manufacturer is in CallManager-trust, and that the phone is neither on the deny list nor revoked by its manufacturer.',
  },
  aor_not_of_device: {
    cause: 'The phone tried to register a directory number that is not one of its lines.',
    remedy: 'Add the line to the phone, or restart it so that it fetches its configuration again.',
  },
  too_many_contacts: {
    cause: 'The phone tried to register too many addresses at once.',
    remedy: 'Reset the phone; if it goes on, something else uses its name.',
  },
  too_many_wrong_passwords: {
    cause: 'Too many wrong passwords came from the address that the phone registers from.',
    remedy:
      'If it is the phone itself, generate a new activation code or set its digest password anew; if not, find out who guesses from that address.',
  },
  star_without_zero: {
    cause: 'The phone asked with "Contact: *" for something else than the end of its registrations.',
    remedy: 'Update the firmware of the phone, or take a client that follows RFC 3261.',
  },
  out_of_order: {
    cause: 'An old registration request arrived after a newer one.',
    remedy: 'Nothing to do if it was once; else look at the network between phone and node.',
  },
  interval_too_brief: {
    cause: 'The phone asked to be registered for a shorter time than is allowed.',
    remedy: 'Raise the register timer in the SIP profile of the phone.',
  },
  moved_to_other_node: {
    cause: 'The phone registered with another node of the cluster.',
    remedy: 'Nothing to do. If it goes back and forth, look at the node it leaves.',
  },
  connection_lost: {
    cause: 'The connection of the phone broke.',
    remedy: 'Nothing to do if the phone comes back; else check its power and network.',
  },
  ended_by_system: {
    cause: 'The registration was ended here: the phone was locked, renamed, disabled or deleted.',
    remedy: 'Look at what was changed on the phone just before.',
  },
  expired: {
    cause: 'The phone did not refresh its registration in time.',
    remedy: 'Check power and network of the phone.',
  },
  mail_not_set_up: {
    cause: 'E-mail is not set up here.',
    remedy: 'Set the enterprise parameters “SMTP Server” and “E-mail Sender Address”.',
  },
  mail_server_unreachable: {
    cause: 'The mail server does not answer.',
    remedy:
      'Check the enterprise parameters “SMTP Server” and “SMTP Port”, and whether the mail server runs. Messages wait and are tried again.',
  },
  mail_tls_failed: {
    cause: 'No encrypted connection to the mail server came about.',
    remedy:
      'Check “SMTP Connection Security”, and that the operating system of every node trusts the certificate of the mail server.',
  },
  mail_login_refused: {
    cause: 'The mail server refused user or password.',
    remedy: 'Check the enterprise parameter “SMTP User”, and set the password again.',
  },
  mail_sender_refused: {
    cause: 'The mail server does not take messages from our sender address.',
    remedy: 'Check the enterprise parameter “E-mail Sender Address”, and what the mail server allows.',
  },
  mail_server_busy: {
    cause: 'The mail server asked to come back later.',
    remedy: 'Nothing to do: it is tried again.',
  },
  mail_recipient_refused: {
    cause: 'The mail server does not know the address of the owner.',
    remedy: 'Correct the e-mail address of the user, then send the message again.',
  },
  mail_message_refused: {
    cause: 'The mail server refused the message.',
    remedy: 'Look at what the mail server said, and at its rules for messages.',
  },
  not_confirmed: {
    cause: 'The code was redeemed, but the phone did not confirm within two minutes that it took what it was given.',
    remedy:
      'Look at the phone. If it says that the server is not trusted (trust_mismatch), look for a foreign TFTP server on its network. Otherwise start the phone again, or generate a new code for it.',
  },
  mail_address_missing: {
    cause: 'The owner of the phone has no e-mail address.',
    remedy: 'Enter the e-mail address of the user, then send the message again.',
  },
  mail_address_invalid: {
    cause: 'The e-mail address of the owner is not one plain mailbox.',
    remedy: 'Correct the e-mail address of the user, then send the message again.',
  },
  mail_code_used: {
    cause: 'The activation code was used before the message was sent.',
    remedy: 'Nothing to do.',
  },
  mail_code_ended: {
    cause: 'The activation code was released, replaced or locked before the message was sent.',
    remedy: 'Send a message with the new activation code.',
  },
  mail_code_expired: {
    cause: 'The activation code ran out before the message was sent.',
    remedy: 'Release the activation code, generate a new one and send that.',
  },
  mail_owner_changed: {
    cause: 'The phone was given to somebody else, or to nobody, before the message was sent.',
    remedy: 'Send the message again if the new owner is to have the code.',
  },
  mail_owner_unconfirmed: {
    cause: 'Owner, password or e-mail address of the owner were set by somebody who may not see activation codes.',
    remedy: 'Somebody who may see them confirms the owner on the page of the phone; then send the message again.',
  },
  mail_hand_over_closed: {
    cause: 'Messages carry no activation code here, and Self Care shows none.',
    remedy: 'Set “E-mail Contains Activation Code” or “Show Phones Ready to Activate” to true.',
  },
  ...outsideReasonsEn,
};
