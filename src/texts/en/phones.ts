import type { SentenceTexts } from '../sentence.ts';

/** Sentences about phones and their lines. */
export const phonesEn = {
  busy_trigger_too_high: [
    'The busy trigger {busyTrigger} is above the maximum number of calls {maxCalls}.',
    'Set a busy trigger that is not above the maximum number of calls.',
  ],
  button_template_mismatch: [
    'The phone button template "{template}" is for {templateModel}, not for {model}.',
    "Choose a template of {model}, or leave the field out to take the model's default.",
  ],
  'button_template_mismatch.default': [
    'The phone button template "{template}" is for {templateModel}, not for {model}.',
    'Choose a template of {model}.',
  ],
  code_already_active: [
    '{name} has an activation code already.',
    'Release the activation code first, then generate a new one.',
  ],
  'code_already_active.until': [
    '{name} has an activation code already, valid until {until}.',
    'Release the activation code first, then generate a new one.',
  ],
  code_collision: ['The prepared code was taken meanwhile.', 'Try again.'],
  'code_withheld.yours': [
    'The activation code of {name} is not shown to you: who prepared your phone or your account may not see codes.',
    'Ask an administrator who may see activation codes to confirm that the phone is yours.',
  ],
  common_phone_profile_not_found: [
    'There is no common phone profile {name|json}.',
    'Choose a common phone profile that exists, or add it first.',
  ],
  'common_phone_profile_not_found.standard': [
    'The standard common phone profile does not exist any more.',
    'Name a common phone profile in {field}.',
  ],
  'database_unavailable.code_changing': ['The code keeps changing while it is redeemed.', ''],
  device_exists: [
    'There is a phone {name} already.',
    'Open the existing phone, or delete its record first. A phone that shall auto-register again also needs its old record deleted first.',
  ],
  device_name_exhausted: ['No free BAT name was found.', 'Try again.'],
  device_pool_not_found: ['There is no device pool {name|json}.', 'Choose a device pool that exists, or add it first.'],
  'device_pool_not_found.standard': [
    'The standard device pool does not exist any more.',
    'Name a device pool in {field}.',
  ],
  device_template_not_found: [
    'There is no Universal Device Template {name|json}.',
    'Choose a Universal Device Template that exists, or add it first.',
  ],
  'device_template_not_found.default': [
    'There is no default Universal Device Template any more.',
    'Name a Universal Device Template in {field}.',
  ],
  directory_number_invalid: [
    '{directoryNumber|json} is not a directory number.',
    'Write 1 to 24 digits; *, # and a leading + are allowed.',
  ],
  line_duplicate: [
    'Line {line} is the same as line {earlier}: {directoryNumber}.',
    'A phone has a line once. Remove one of the two, or use another partition.',
  ],
  'line_duplicate.partition': [
    'Line {line} is the same as line {earlier}: {directoryNumber} in {partition}.',
    'A phone has a line once. Remove one of the two, or use another partition.',
  ],
  line_template_not_found: [
    'There is no Universal Line Template {name|json}.',
    'Choose a Universal Line Template that exists, or add it first.',
  ],
  'line_template_not_found.default': [
    'There is no default Universal Line Template any more.',
    'Name a Universal Line Template in {field}.',
  ],
  load_family_mismatch: [
    '{name} is not firmware of the {model}, whose loads begin with {family}',
    'Choose a load that begins with {family}',
  ],
  load_name_invalid: [
    '{text|json} is not the name of a firmware load.',
    'Write the load as the release notes do, for instance {family}14-2-1-0101-7.',
  ],
  mac_invalid: [
    '{text|json} is not the MAC address of a phone.',
    'Write the 12 hex digits from the label on the phone or its box, or leave the field blank to let any phone of the model activate.',
  ],
  model_fixed: [
    '{name} is a {model}; the model of a phone does not change.',
    'Delete the phone and add one of the other model; its lines are kept.',
  ],
  model_not_supported: [
    '{text} cannot be onboarded: the models that can are {models}.',
    'Choose one of the supported models.',
  ],
  mra_needs_activation_code: [
    '"Allow Activation Code via MRA" needs "Requires Activation Code for Onboarding".',
    'Set requiresActivationCode too, or leave allowActivationCodeViaMra out.',
  ],
  mra_service_domain_not_found: [
    'There is no MRA service domain {name|json}.',
    'Choose one of the MRA service domains, or leave it out: then that of the device pool holds.',
  ],
  no_active_code: [
    '{name} has no activation code to enter.',
    'Generate a new activation code, or save the phone with "Requires Activation Code for Onboarding" ticked.',
  ],
  'no_active_code.expired': [
    'The activation code of {name} expired at {since}.',
    'Release the activation code, then generate a new one. A longer life is set by the service parameter "Activation Time to Live (Hours)".',
  ],
  no_live_code: ['The phone has no activation code that can be used.', 'Generate a new activation code.'],
  no_owner_to_confirm: ['{name} has no owner.', 'Set the Owner User ID of the phone first.'],
  partition_not_found: ['There is no partition {name|json}.', 'Add the partition first, or leave it out.'],
  phone_button_template_not_found: [
    'There is no phone button template {name|json}.',
    'Choose a phone button template that exists, or add it first.',
  ],
  'phone_button_template_not_found.standard': [
    'The standard phone button template does not exist any more.',
    'Name a phone button template in {field}.',
  ],
  phone_not_found: ['There is no phone {name}.', 'Check the device name, or search the list of phones.'],
  'phone_not_found.at_address': ['There is no phone {text}.', 'Check the device name.'],
  'phone_not_found.id': ['There is no phone with that id.', 'Search the list of phones.'],
  'phone_not_found.not_a_name': ['There is no phone {text|json}.', 'A device name is SEP or BAT and 12 hex digits.'],
  'phone_not_found.not_yours': ['{name} is not a phone of yours.', 'Check the device name.'],
  'phone_not_found.renamed': ['{name} is called {today} now.', 'Ask for {today}.'],
  phone_security_profile_not_found: [
    'There is no phone security profile {name|json}.',
    'Choose a phone security profile that exists, or add it first.',
  ],
  'phone_security_profile_not_found.standard': [
    'The standard phone security profile does not exist any more.',
    'Name a phone security profile in {field}.',
  ],
  reference_gone: ['Something the phone refers to was deleted meanwhile.', 'Choose another one and try again.'],
  renewal_not_due: [
    'The activation code of {name} neither ran out nor was locked.',
    'Use the code there is, or ask an administrator for a new one.',
  ],
  self_care_closed: [
    'Activation codes are handed out by administrators here.',
    'Ask an administrator for the activation code of your phone.',
  ],
  sip_profile_not_found: ['There is no SIP profile {name|json}.', 'Choose a SIP profile that exists, or add it first.'],
  'sip_profile_not_found.standard': [
    'The standard SIP profile does not exist any more.',
    'Name a SIP profile in {field}.',
  ],
  too_many_lines: [
    '{lines} lines do not fit: the phone button template "{template}" has {buttons}.',
    'Remove lines, or choose a phone button template with more line buttons.',
  ],
  too_many_renewals: ['{name} was given {most} codes within a day.', 'Ask an administrator for a new code.'],
  user_not_found: ['There is no user {user|json}.', 'Add the user first, or leave the owner out.'],
  'version_conflict.device_defaults': [
    'The device defaults of {model} were changed by somebody else meanwhile.',
    'Read them again and repeat the change.',
  ],
  'version_conflict.phone': [
    '{name} was changed by somebody else meanwhile.',
    'Read the phone again and repeat the change.',
  ],
} as const satisfies SentenceTexts;
