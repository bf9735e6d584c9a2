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
        `"${value.model}" is written otherwise here.`,
        `Write ${requireModel(value.model).name}.`,
      );
    if (value.allowActivationCodeViaMra && !value.requiresActivationCode)
      throw invalidValue(
        'allowActivationCodeViaMra',
        '"Allow Activation Code via MRA" needs "Requires Activation Code for Onboarding".',
        'Set requiresActivationCode too, or leave allowActivationCodeViaMra out.',
      );
    for (const [index, line] of value.lines.entries())
      if (line.busyTrigger > line.maxCalls)
        throw invalidValue(
          `lines[${index}].busyTrigger`,
          `The busy trigger ${line.busyTrigger} is above the maximum number of calls ${line.maxCalls}.`,
          'Set a busy trigger that is not above the maximum number of calls.',
        );
  },
};
