import type { DeskParts } from '../parts';
import type { Screens } from '../screens';
import { os } from './contract';

export const appArea = (parts: DeskParts, screens: Screens) => ({
  info: os.app.info.handler(() => parts.info),
  status: os.app.status.handler(({ signal }) => screens.status.follow(signal)),
  kill: os.app.kill.handler(({ input }) => {
    parts.post({ type: 'kill', on: input.on, cause: 'the KILL button' });
    return { killed: input.on };
  }),
  leave: os.app.leave.handler(() => {
    parts.leave();
    return null;
  }),
  loadScreen: os.app.loadScreen.handler(() => parts.store.getMeta('screen')),
  saveScreen: os.app.saveScreen.handler(({ input }) => {
    parts.store.setMeta('screen', input.state);
    return null;
  }),
});
