import { type UnixMs, unixMs } from '#shared/domain/basics';

const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;
/** Where the settings name no check minute in the quarter after the candle: between the usual ones. */
const USUAL_DELAY_MS = 20 * MINUTE_MS;

/**
 * When a wave is looked for (domain: waves): its candle closes after a quarter of an hour, and the check minute that
 * falls into the next quarter asks for it.
 */
export function checkTimeOf(waveTime: UnixMs, checkMinutes: readonly number[]): UnixMs {
  const closed = waveTime + QUARTER_MS;
  for (let at = closed; at < closed + QUARTER_MS; at += MINUTE_MS)
    if (checkMinutes.includes(Math.floor(at / MINUTE_MS) % 60)) return unixMs(at);
  return unixMs(waveTime + USUAL_DELAY_MS);
}
