import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';

/** Asks before something that costs. Resolves to whether to go on; Escape and a click outside mean no. */
export function ask(question: {
  title: string;
  text: string;
  confirm: string;
  cancel: string;
  dangerous?: boolean;
}): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    modals.openConfirmModal({
      title: question.title,
      children: <Text size="sm">{question.text}</Text>,
      labels: { confirm: question.confirm, cancel: question.cancel },
      confirmProps: question.dangerous ? { color: 'red.8' } : {},
      centered: true,
      onConfirm: () => {
        answer = true;
      },
      onClose: () => resolve(answer),
    });
  });
}
