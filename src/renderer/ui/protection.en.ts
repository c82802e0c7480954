import type { Decimal } from '#shared/domain/basics';
import type { LiveExit, LocalExit } from '../panels/protection/exits';
import { decimalText } from './format';

const LIVE: Record<LiveExit['what'], string> = {
  stop: 'Stop',
  exit: 'Exit order',
  'take-profit': 'Take profit',
  trailing: 'Trailing stop',
};
export const liveText = (exit: LiveExit): string => LIVE[exit.what];

/** What only this program would do, and at which price. */
export function localText(exit: LocalExit, priceOf: (price: Decimal | null) => string = decimalText): string {
  const price = priceOf(exit.price);
  switch (exit.what) {
    case 'trailing-wanted':
      return `Trailing wants the stop at ${price}`;
    case 'trailing-later':
      return `Trailing starts at ${price}`;
    case 'aged':
      return exit.detail === 'grace'
        ? `Too old: closes near entry, at ${price}`
        : `Too old: closes at ${price}, lower each hour`;
    case 'stop-unsent':
      return 'Stop not confirmed by the exchange';
    case 'in-doubt':
      return `No answer yet: ${exit.detail ?? 'an order'}`;
    case 'paper-stop':
      return `Paper stop at ${price}`;
  }
}

/** What closing this window means for what is open; the two hosts differ. */
export const leaving = (host: 'electron' | 'headless' | undefined): string =>
  host === 'electron'
    ? 'Closing the last window stops Wavedesk. Stops on an exchange go on; what stands under “Only on this computer” ends until you start it again.'
    : 'Closing this window does not stop the engine; it goes on where it was started. If that computer stops, stops on an exchange go on, and what stands under “Only on this computer” ends.';
