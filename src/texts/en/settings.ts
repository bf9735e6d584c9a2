import type { SentenceTexts } from '../sentence.ts';

/** Sentences about settings, users, mail, firmware and webhooks. */
export const settingsEn = {
  bad_mail_address: [
    'The e-mail address of {user} is not one plain mailbox such as anna@example.org.',
    'Correct the e-mail address of the user.',
  ],
  'bad_mail_address.yours': [
    'Your own e-mail address is not one plain mailbox such as anna@example.org.',
    'Correct the e-mail address of the user.',
  ],
  certificate_not_a_ca: [
    'Only the certificate of a certificate authority can vouch for phones.',
    "Upload the manufacturer's root or intermediate certificate, or set micRoot to false.",
  ],
  code_withheld: [
    'Codes are withheld from {user}: owner, password or e-mail address were set by somebody who may not see codes.',
    'Somebody who may see activation codes confirms the owner on the page of the phone first.',
  ],
  delivery_not_found: ['There is no such delivery of this webhook.', 'List the deliveries of the webhook.'],
  firmware_empty: ['The file is empty.', 'Upload the file again.'],
  firmware_exists: ['{name} is already there.', 'Delete it first, or upload with replace.'],
  firmware_in_use: ['Device Defaults tell the {models} to load {name}.', 'Set another load there first.'],
  firmware_incomplete: ['{name} was removed while it was being read.', ''],
  firmware_name_invalid: [
    'This is no name phones may ask for.',
    'Use letters, digits, dots, dashes and underscores only, up to 128 characters, and no name of a configuration or trust file.',
  ],
  firmware_too_large: [
    'The file is larger than {most} MiB.',
    'Upload the single load files of the package, not the package.',
  ],
  hand_over_closed: [
    'Messages carry no activation code here, and Self Care shows none: there is nothing to send.',
    'Set the enterprise parameter "E-mail Contains Activation Code" or "Show Phones Ready to Activate" to true.',
  ],
  in_use: ['The {kind} "{name}" is used by {users}.', 'Change what depends on it first.'],
  'in_use.something': ['The {kind} "{name}" is used by something.', 'Change what depends on it first.'],
  'invalid_value.busy_trigger': [
    'The busy trigger {busyTrigger} is above the maximum number of calls {maxCalls}.',
    'Set a busy trigger that is not above the maximum number of calls.',
  ],
  'invalid_value.directory_number': [
    'That is not a directory number.',
    'Use 1 to 24 of 0-9 * #, with + in front if wanted.',
  ],
  'invalid_value.first_button': ['The first button must be a line.', 'Put "line" first.'],
  'invalid_value.hex': ['That is not hexadecimal.', 'Write it in hex digits.'],
  'invalid_value.instant': ['That is not an instant.', 'Write it like 2027-01-31T00:00:00Z.'],
  'invalid_value.key_hash': ['The SHA-256 of a key has 64 hex digits.', 'Give the SHA-256 over the SPKI.'],
  'invalid_value.mac': ['That is not a MAC address.', 'Write 12 hex digits.'],
  'invalid_value.media_ports': ['The media ports end before they start.', 'Make it greater than startMediaPort.'],
  'invalid_value.model': [
    '"{model}" is not a model of this system.',
    'Write it like Cisco 8845, or null for any model.',
  ],
  'invalid_value.model_spelling': ['"{model}" is written otherwise here.', 'Write {expected}.'],
  'invalid_value.mra_needs_activation_code': [
    '"Allow Activation Code via MRA" needs "Requires Activation Code for Onboarding".',
    'Set requiresActivationCode too, or leave allowActivationCodeViaMra out.',
  ],
  'invalid_value.name': ['"{name}" cannot be a name.', 'Choose another name.'],
  'invalid_value.node_twice': ['A node is a member twice.', 'Name each node once.'],
  'invalid_value.not_per_node': ['"{name}" is the same on every node.', 'Set it without a node.'],
  'invalid_value.parameter_boolean': ['"{parameter}" must be true or false.', 'The default is {default}.'],
  'invalid_value.parameter_boolean.empty': ['"{parameter}" must be true or false.', 'The default is empty.'],
  'invalid_value.parameter_choice': ['"{parameter}" must be one of {choices}.', 'The default is {default}.'],
  'invalid_value.parameter_choice.empty': ['"{parameter}" must be one of {choices}.', 'The default is empty.'],
  'invalid_value.parameter_form': ['"{parameter}" does not have the right form.', 'The default is {default}.'],
  'invalid_value.parameter_form.empty': ['"{parameter}" does not have the right form.', 'The default is empty.'],
  'invalid_value.parameter_length': [
    '"{parameter}" must not be longer than {most} characters.',
    'The default is {default}.',
  ],
  'invalid_value.parameter_length.empty': [
    '"{parameter}" must not be longer than {most} characters.',
    'The default is empty.',
  ],
  'invalid_value.parameter_number': ['"{parameter}" must be a whole number.', 'The default is {default}.'],
  'invalid_value.parameter_number.empty': ['"{parameter}" must be a whole number.', 'The default is empty.'],
  'invalid_value.parameter_range': ['"{parameter}" must be between {least} and {most}.', 'The default is {default}.'],
  'invalid_value.parameter_range.empty': ['"{parameter}" must be between {least} and {most}.', 'The default is empty.'],
  'invalid_value.partition_name': ['A partition name must not hold @.', 'Choose another name.'],
  'invalid_value.plain_transport': ['A non-secure profile does not use TLS.', 'Set transport to tcp, udp or tcp+udp.'],
  'invalid_value.range_backwards': [
    'The ending directory number is before the starting one.',
    'Write e.g. 1000 and 1999; equal numbers switch it off.',
  ],
  'invalid_value.range_digits': [
    'Directory numbers of auto-registration are digits only.',
    'Write e.g. 1000 and 1999; equal numbers switch it off.',
  ],
  'invalid_value.range_lengths': [
    'Both directory numbers need the same number of digits.',
    'Write e.g. 1000 and 1999; equal numbers switch it off.',
  ],
  'invalid_value.range_too_long': [
    'Directory numbers of auto-registration have at most {most} digits.',
    'Write e.g. 1000 and 1999; equal numbers switch it off.',
  ],
  'invalid_value.same_priority': ['Two members have the same priority.', 'Give each member its own priority, 0 first.'],
  'invalid_value.secure_digest': [
    'A secure phone is known by its certificate; digest authentication is for non-secure profiles.',
    'Set it to false.',
  ],
  'invalid_value.secure_transport': ['A secure profile uses TLS.', 'Set transport to tls, or the mode to non-secure.'],
  'invalid_value.time_zone': [
    '"{name}" is not a time zone.',
    'Use a name of the time zone database, e.g. Europe/Berlin.',
  ],
  'invalid_value.timers': ['T2 must not be shorter than T1.', 'Make it at least as long as timerT1.'],
  'invalid_value.together': ['The values do not fit together.', 'The OpenAPI document says what is allowed.'],
  last_administrator: [
    'This is the last enabled user with the role super.',
    'Give somebody else the role super first.',
  ],
  mail_not_set_up: [
    'E-mail is not set up here.',
    'Set the enterprise parameters "SMTP Server" and "E-mail Sender Address".',
  ],
  name_taken: ['There is already a {kind} "{name}".', 'Choose another name, or change the one that exists.'],
  'no_active_code.mail': ['{name} has no activation code to enter.', 'Generate a new activation code first.'],
  no_mail_address: [
    '{user} has no e-mail address.',
    'Enter the e-mail address of the user, or hand the code over in another way.',
  ],
  'no_mail_address.yours': [
    'Your own user has no e-mail address to send a test to.',
    'Enter your e-mail address under User Management.',
  ],
  no_owner: ['{name} has no owner to send the activation code to.', 'Set the Owner User ID of the phone.'],
  'not_found.object': ['There is no {kind} "{name}".', 'Check the name.'],
  'protected.activation_domain': [
    'This is the MRA activation domain and stays in the list; change it on the Cloud Onboarding page first.',
    'The system needs it; add another one beside it.',
  ],
  'protected.keeps_name_device': [
    'The template for phones that name no other one keeps its name.',
    'The system needs it; add another one beside it.',
  ],
  'protected.keeps_name_line': [
    'The template for lines that name no other one keeps its name.',
    'The system needs it; add another one beside it.',
  ],
  'protected.node_running': ['The node is running; stop it first.', 'The system needs it; add another one beside it.'],
  'protected.none_keeps_name': [
    'The partition <None> keeps its name.',
    'The system needs it; add another one beside it.',
  ],
  'protected.none_stays': [
    'The partition <None> cannot be deleted.',
    'The system needs it; add another one beside it.',
  ],
  'protected.only_node': ['The only node cannot be removed.', 'The system needs it; add another one beside it.'],
  'protected.service_domain_default': [
    'One MRA service domain must be the default; make another one the default instead.',
    'The system needs it; add another one beside it.',
  ],
  'protected.service_domain_default_stays': [
    'The default MRA service domain cannot be deleted; make another one the default first.',
    'The system needs it; add another one beside it.',
  ],
  'protected.stays_device': [
    'The template for phones that name no other one cannot be deleted.',
    'The system needs it; add another one beside it.',
  ],
  'protected.stays_line': [
    'The template for lines that name no other one cannot be deleted.',
    'The system needs it; add another one beside it.',
  ],
  'protected.tftp_default': [
    'One group must be the default for TFTP; make another group the default instead.',
    'The system needs it; add another one beside it.',
  ],
  'protected.tftp_default_stays': [
    'The group that is the default for TFTP cannot be deleted; make another one the default first.',
    'The system needs it; add another one beside it.',
  ],
  role_not_allowed: ['Only an administrator with the role super deals with {roles}.', 'Ask one.'],
  service_needed: ['{needing} on this node needs {service}.', 'Deactivate {needing} first.'],
  service_wanted: ['{service} needs {missing} on the same node.', 'Activate {missing} first.'],
  too_many_messages: [
    '{most} messages about {name} were sent within an hour.',
    'Wait, or hand the code over in another way.',
  ],
  unknown_reference: ['There is no {kind} "{name}".', 'Add that {kind} first, or choose one that exists.'],
  'version_conflict.object': [
    'The {kind} "{name}" has changed since you read it.',
    'Read it again, and repeat the change if it still makes sense.',
  ],
  'version_conflict.webhook': [
    'The webhook was changed by somebody else meanwhile.',
    'Read it again and repeat the change.',
  ],
  weak_password: [
    'This password is too easy to guess: it is made of words, names, dates or keys that are tried first.',
    'Use at least {shortest} characters: some words that have nothing to do with each other, or what a password manager makes.',
  ],
  'weak_password.before': [
    'The password of {user} was not strong enough for an administrator when it was set.',
    'Set a new password of at least {shortest} characters together with the role.',
  ],
  'weak_password.same': ['The new password is the one there is.', 'Choose another one.'],
  'weak_password.too_short': [
    'This password is too easy to guess: it has fewer than {shortest} characters.',
    'Use at least {shortest} characters.',
  ],
  webhook_ca_unreadable: [
    'The certificate authority could not be read.',
    'Paste it as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
  ],
  webhook_name_taken: ['There is already a webhook "{name}".', 'Choose another name.'],
  webhook_not_found: ['There is no webhook {id}.', 'List the webhooks to see their ids.'],
  webhook_url_closed: [
    'Requests to that address are closed.',
    'This machine, the link and what clouds tell their machines are reached only when outbound.allow in the node’s configuration file names them.',
  ],
  webhook_url_invalid: [
    'That is no address a webhook can be sent to.',
    'Use https://…; http:// only for this machine itself. No user name or password in it.',
  ],
  wrong_password: ['The current password is wrong.', 'Type the password you signed in with.'],
} as const satisfies SentenceTexts;
