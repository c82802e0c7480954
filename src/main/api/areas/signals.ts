import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import type { DeskParts } from '../parts';
import type { Screens } from '../screens';
import type { Tickets } from '../tickets';
import { clean, os } from './contract';

const STORY_ROWS = 500;

export const signalsArea = (parts: DeskParts, screens: Screens, tickets: Tickets) => ({
  waves: os.signals.waves.handler(({ signal }) => screens.waves.follow(signal)),
  decisions: os.signals.decisions.handler(({ signal }) => screens.decisions.follow(signal)),
  ledger: os.signals.ledger.handler(({ input }) => parts.store.ledger(clean(input))),
  provider: os.signals.provider.handler(({ signal }) => screens.provider.follow(signal)),
  approve: os.signals.approve.handler(({ input, errors }) => {
    const [decision] = parts.store.decisions({ signalId: input.signalId, limit: 1 });
    if (decision?.fate !== 'awaiting') throw errors.NOT_AWAITING();
    parts.post({ type: 'approve', signalId: input.signalId, yes: input.yes });
    return { taken: true as const };
  }),
  pauseWave: os.signals.pauseWave.handler(({ input }) => {
    parts.post({ type: 'pause-wave', waveTime: input.waveTime, on: input.on });
    return { taken: true as const };
  }),
  flattenWave: os.signals.flattenWave.handler(({ input }) => {
    const open = parts.engine
      .positions()
      .filter((row) => row.waveTime === input.waveTime && OPEN_POSITION_STATUSES.has(row.status));
    if (tickets.use(input.ticket)) parts.post({ type: 'flatten-wave', waveTime: input.waveTime });
    return { taken: true as const, positions: open.length };
  }),
  story: os.signals.story.handler(({ input, errors }) => {
    const [decision] = parts.store.decisions({ signalId: input.signalId, limit: 1 });
    if (!decision) throw errors.NOT_FOUND();
    const { rows } = parts.store.searchEvents({
      correlationId: decision.signal.correlationId,
      offset: 0,
      limit: STORY_ROWS,
    });
    return { decision, rows: rows.toReversed() };
  }),
});
