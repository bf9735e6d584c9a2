import { Checkbox, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import type { Answered } from '../../../contract/client/client.ts';
import { roleNames } from '../../../contract/users.ts';
import { NewPasswordStrength } from '../../account/new-password-strength.tsx';
import { request } from '../../api/client.ts';
import { isProblem } from '../../api/problem.ts';
import { DeleteButton } from '../../components/delete-button.tsx';
import { Dependencies } from '../../components/dependencies.tsx';
import { AddBar, SaveBar, SaveProblem, useFieldErrors } from '../../components/form-parts.tsx';
import { OthersChanges } from '../../components/others-changes.tsx';
import { Loading, Page, Panel } from '../../components/page.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { UnsavedGuard } from '../../components/unsaved-guard.tsx';
import { useDraft } from '../../components/use-draft.ts';
import { languages } from '../../i18n/i18n.ts';
import { useText } from '../../i18n/use-text.ts';
import { usePermission } from '../../session/session.ts';
import { bodyOf, draftOf, newUser, type UserItem } from './user-form.ts';

/** Adds or changes a user: who, language, roles, password and PIN. */
export function UserPage() {
  const { userId } = useParams();
  const user = useQuery({
    queryKey: ['user', userId],
    enabled: userId !== undefined,
    queryFn: ({ signal }) => request('GET /users/{userId}', { path: { userId: userId ?? '' }, signal }),
  });
  if (userId === undefined) return <UserForm user={undefined} version={undefined} />;
  if (user.data === undefined)
    return user.isError ? <ProblemNote error={user.error} onRetry={() => void user.refetch()} /> : <Loading />;
  return <UserForm key={userId} user={user.data.body} version={user.data.version ?? user.data.body.version} />;
}

function UserForm({ user, version }: { user: UserItem | undefined; version: number | undefined }) {
  const { t, lookup, language } = useText();
  const can = usePermission();
  const go = useNavigate();
  const queries = useQueryClient();
  const draft = useDraft(user === undefined ? newUser : draftOf(user), version);
  const { values, set } = draft;
  const path = `/users/${encodeURIComponent(user?.userId ?? '')}`;
  const save = useMutation({
    mutationFn: () =>
      user === undefined
        ? request('POST /users', { body: { ...bodyOf(draft.values), userId: draft.values.userId } })
        : request('PATCH /users/{userId}', {
            path: { userId: user.userId },
            body: bodyOf(draft.changes),
            version: draft.version,
          }),
    onSuccess: async (answer: Answered<UserItem>) => {
      draft.reset();
      queries.setQueryData(['user', answer.body.userId], answer);
      notifications.show({ message: t('resource.saved', { name: answer.body.userId }) });
      if (answer.body.userId !== user?.userId)
        await go(`/users/${encodeURIComponent(answer.body.userId)}`, { replace: user !== undefined });
      await queries.invalidateQueries();
    },
    onError: async (error) => {
      if (isProblem(error, 'version_conflict')) await queries.invalidateQueries({ queryKey: ['user'] });
    },
  });
  const disabled = !can('users.write');
  const errors = useFieldErrors(save.error);
  return (
    <Page
      title={user === undefined ? t('users.add') : user.userId}
      lead={user === undefined ? t('users.addLead') : `${user.firstName} ${user.lastName}`.trim() || undefined}
      actions={
        user !== undefined && !disabled ? (
          <DeleteButton
            name={user.userId}
            question={t('users.deleteText')}
            path={path}
            version={version}
            back="/users"
          />
        ) : undefined
      }
    >
      <UnsavedGuard dirty={draft.dirty && !save.isPending && !save.isSuccess} />
      <form
        className="fr-narrow"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="lg">
          <Panel title={t('user.person')}>
            <div className="fr-fields">
              <TextInput
                label={t('user.userId')}
                description={t('user.userIdHelp')}
                required
                disabled={disabled}
                maxLength={128}
                value={values.userId}
                error={errors['userId']}
                onChange={(event) => set('userId', event.currentTarget.value)}
              />
              <TextInput
                label={t('user.firstName')}
                disabled={disabled}
                maxLength={64}
                value={values.firstName}
                error={errors['firstName']}
                onChange={(event) => set('firstName', event.currentTarget.value)}
              />
              <TextInput
                label={t('user.lastName')}
                disabled={disabled}
                maxLength={64}
                value={values.lastName}
                error={errors['lastName']}
                onChange={(event) => set('lastName', event.currentTarget.value)}
              />
              <TextInput
                label={t('user.mail')}
                description={t('user.mailHelp')}
                type="email"
                disabled={disabled}
                value={values.mail}
                error={errors['mail']}
                onChange={(event) => set('mail', event.currentTarget.value)}
              />
              <Select
                label={t('user.locale')}
                allowDeselect={false}
                disabled={disabled}
                data={languages.map((each) => ({ value: each.tag, label: each.label }))}
                value={values.locale}
                onChange={(locale) => locale !== null && set('locale', locale)}
              />
            </div>
          </Panel>
          <Panel title={t('user.signIn')}>
            <Stack gap="md">
              <Switch
                label={t('user.enabled')}
                description={t('user.enabledHelp')}
                disabled={disabled}
                checked={values.enabled}
                onChange={(event) => set('enabled', event.currentTarget.checked)}
              />
              <div className="fr-fields">
                <PasswordInput
                  label={t('user.password')}
                  description={user?.hasPassword ? t('user.passwordKept') : t('user.passwordHelp')}
                  autoComplete="new-password"
                  disabled={disabled}
                  value={values.password}
                  error={errors['password']}
                  onChange={(event) => set('password', event.currentTarget.value)}
                  visibilityToggleButtonProps={{
                    'aria-label': t('signIn.showPassword'),
                    tabIndex: 0,
                    'aria-hidden': false,
                  }}
                />
                <TextInput
                  label={t('user.pin')}
                  description={user?.hasPin ? t('user.pinKept') : t('user.pinHelp')}
                  inputMode="numeric"
                  autoComplete="off"
                  disabled={disabled}
                  value={values.pin}
                  error={errors['pin']}
                  onChange={(event) => set('pin', event.currentTarget.value)}
                />
              </div>
              <NewPasswordStrength
                password={values.password}
                roles={values.roles}
                about={[values.userId, values.firstName, values.lastName, values.mail]}
              />
            </Stack>
          </Panel>
          <Panel title={t('user.roles')}>
            <Checkbox.Group value={[...values.roles]} onChange={(roles) => set('roles', roles)} error={errors['roles']}>
              <Stack gap="sm">
                {roleNames.map((role) => (
                  <Checkbox
                    key={role}
                    value={role}
                    disabled={disabled}
                    label={lookup('role', role)}
                    description={lookup('roleHelp', role)}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          </Panel>
          <OthersChanges
            draft={draft}
            language={language}
            label={(field) => t(`user.${field}`)}
            show={(field, value) =>
              field === 'roles'
                ? (value as readonly string[]).map((role) => lookup('role', role)).join(', ')
                : undefined
            }
          />
          <SaveProblem error={save.error} />
          {!disabled &&
            (user === undefined ? (
              <AddBar back="/users" ready={draft.dirty} adding={save.isPending} />
            ) : (
              <SaveBar dirty={draft.dirty} clashing={draft.clashing} saving={save.isPending} onUndo={draft.reset} />
            ))}
          {user !== undefined && <Dependencies path={path} />}
        </Stack>
      </form>
    </Page>
  );
}
