import type { DeskParts } from '../parts';
import { os } from './contract';

export const quotingArea = (parts: DeskParts) => ({
  status: os.quoting.status.handler(({ signal }) => parts.quoting.follow(signal)),
  run: os.quoting.run.handler(({ input }) => {
    parts.post({ type: 'quoting', lines: input.lines, cause: 'a person started it' });
    return null;
  }),
  stop: os.quoting.stop.handler(() => {
    parts.post({ type: 'quoting', lines: null, cause: 'a person stopped it' });
    return null;
  }),
});
