import { say } from '../../texts/say.ts';
import { requireModel } from '../devices/naming.ts';
import type { ResourceRules } from '../settings/resource.ts';
import { invalidValue } from '../settings/setting-fault.ts';

/** One line of a template: what a line of a row takes where the row says nothing. */
export interface PhoneTemplateLine {
  readonly partition: string;
  readonly label: string;
  readonly display: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
}

/** Bulk Administration > Phones > Phone Template. */
export interface PhoneTemplate {
  readonly name: string;
  /** `Cisco 8845`. */
  readonly model: string;
  readonly description: string;
  readonly requiresActivationCode: boolean;
  readonly allowActivationCodeViaMra: boolean;
  readonly devicePool: string;
  /** null: the model's own. */
  readonly phoneButtonTemplate: string | null;
  readonly ownerUserId: string | null;
  readonly phoneSecurityProfile: string;
  readonly sipProfile: string;
  readonly commonPhoneProfile: string;
  /** null: that of the device pool. */
  readonly mraServiceDomain: string | null;
  readonly enabled: boolean;
  /** As many as a row may have. */
  readonly lines: readonly PhoneTemplateLine[];
}

export const phoneTemplateRules: ResourceRules<PhoneTemplate> = {
  kind: 'phone-template',
  title: 'phone template',
  check(value) {
    if (requireModel(value.model).name !== value.model)
      throw invalidValue(
        'model',
        say('invalid_value.model_spelling', { model: value.model, expected: requireModel(value.model).name }),
      );
    if (value.allowActivationCodeViaMra && !value.requiresActivationCode)
      throw invalidValue('allowActivationCodeViaMra', say('invalid_value.mra_needs_activation_code'));
    for (const [index, line] of value.lines.entries())
      if (line.busyTrigger > line.maxCalls)
        throw invalidValue(
          `lines[${index}].busyTrigger`,
          say('invalid_value.busy_trigger', { busyTrigger: line.busyTrigger, maxCalls: line.maxCalls }),
        );
  },
};
