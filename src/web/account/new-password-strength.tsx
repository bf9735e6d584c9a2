import { administratorPassword, userPassword } from '../../identifiers/password-strength.ts';
import { PasswordStrength } from '../components/password-strength.tsx';
import { useText } from '../i18n/use-text.ts';

/** Whether a new password will do for somebody with these roles. */
export function NewPasswordStrength({
  password,
  roles,
  about,
}: {
  password: string;
  roles: readonly string[];
  about: readonly string[];
}) {
  const { t } = useText();
  const rule = roles.some((role) => role !== 'end-user') ? administratorPassword : userPassword;
  const words = {
    tooShort: t('account.passwordTooShort', { count: rule.shortest }),
    tooEasy: t('account.passwordTooEasy'),
    good: t('account.passwordGood'),
  };
  return <PasswordStrength password={password} rule={rule} about={about} words={words} />;
}
