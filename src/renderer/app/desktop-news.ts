import { useParams } from '../state/lists';
import { paramsNews } from '../state/params-news';
import { tell } from '../ui/tell';
import { exchangeText, PARAM_NAMES } from '../ui/texts.en';

/** Asks for the right to show news outside the window; must come from a click or a key. */
export async function allowDesktopNews(): Promise<void> {
  const answer = await Notification.requestPermission();
  tell(
    answer === 'granted' ? 'News will also be shown outside this window.' : 'News stay inside this window.',
  );
}

/** Tells large changes of params in the corner and, where that is allowed, on the desktop. Returns its own undo. */
export function watchDesktopNews(): () => void {
  return useParams.subscribe((now, before) => {
    for (const { exchange, names } of paramsNews(before.rows, now.rows)) {
      const text = `${exchangeText(exchange)}: ${names.map((name) => PARAM_NAMES[name].name.toLowerCase()).join(', ')} changed by more than 10 %.`;
      tell(text);
      if ('Notification' in window && Notification.permission === 'granted')
        new Notification('Wavedesk', { body: text });
    }
  });
}
