import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import type { Losses } from '../equity';
import type { DeskParts } from '../parts';
import type { Screens } from '../screens';
import type { Tickets } from '../tickets';
import { os } from './contract';

export const appArea = (parts: DeskParts, screens: Screens, tickets: Tickets, losses: Losses) => ({
  info: os.app.info.handler(() => parts.info),
  status: os.app.status.handler(({ signal }) => screens.status.follow(signal)),
  kill: os.app.kill.handler(({ input }) => {
    parts.post({ type: 'kill', on: input.on, cause: 'the KILL button' });
    return { killed: input.on };
  }),
  risk: os.app.risk.handler(({ signal }) => screens.risk.follow(signal)),
  flatten: os.app.flatten.handler(({ input }) => {
    const closing = parts.engine.positions().filter((one) => OPEN_POSITION_STATUSES.has(one.status)).length;
    if (tickets.use(input.ticket)) parts.post({ type: 'flatten-all', cause: 'the FLATTEN button' });
    return { closing };
  }),
  countLossesAnew: os.app.countLossesAnew.handler(() => {
    losses.countAnew();
    return null;
  }),
  leave: os.app.leave.handler(({ input }) => {
    parts.leave(input.go);
    return null;
  }),
  loadScreen: os.app.loadScreen.handler(() => parts.store.getMeta('screen')),
  saveScreen: os.app.saveScreen.handler(({ input }) => {
    parts.store.setMeta('screen', input.state);
    return null;
  }),
});
