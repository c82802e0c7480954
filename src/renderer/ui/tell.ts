import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';

const READ_MS = 4000;
let said: string | undefined;

/** Says that something was done. A newer message takes the place of the older, so that rows stay visible. */
export function tell(message: ReactNode): void {
  if (said !== undefined) notifications.hide(said);
  said = notifications.show({ message, autoClose: READ_MS });
}

/** Says that something was not done, and why. It stays until it is closed. */
export function tellFailure(title: string, why: unknown): void {
  notifications.show({
    title,
    message: why instanceof Error ? why.message : String(why),
    color: 'red',
    autoClose: false,
  });
}
