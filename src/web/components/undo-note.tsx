import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';

/** Says what was done and offers, for twelve seconds, to take it back. */
export function showUndo(text: { done: string; undo: string; failed: string }, restore: () => Promise<unknown>): void {
  const note = notifications.show({
    autoClose: 12_000,
    message: (
      <span className="fr-undo">
        {text.done}
        <Button
          size="compact-xs"
          variant="light"
          onClick={() => {
            notifications.hide(note);
            restore().catch(() => notifications.show({ color: 'red', message: text.failed }));
          }}
        >
          {text.undo}
        </Button>
      </span>
    ),
  });
}
