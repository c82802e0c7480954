import type { SignalStory } from '#shared/contract/signals';
import type { PositionId, UnixMs } from '#shared/domain/basics';
import { whyRefused } from './keys';
import { client } from './session';

/** A ticket for one click: sending it twice is still one request. */
export function newTicket(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Asks for a market exit. Null says only that the request was taken; what became of it comes with the streams. */
export async function closePosition(positionId: PositionId, ticket: string): Promise<string | null> {
  try {
    await client().positions.close({ positionId, ticket });
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** Tries a link again now. Answers why not, or null. */
export async function reconnectLink(key: string): Promise<string | null> {
  try {
    await client().connections.reconnect({ key });
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** Starts or stops recording raw frames. Answers why not, or null; what it does comes with its stream. */
export async function recordFrames(on: boolean, scrub: boolean): Promise<string | null> {
  try {
    await client().connections.record({ on, scrub });
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** All that is known about one signal. @throws OfflineError or the engine's refusal */
export const signalStory = (signalId: number): Promise<SignalStory> => client().signals.story({ signalId });

/** The list of who protects what was read: Electron's window goes, or stays. */
export const leaveDesk = async (go: boolean): Promise<void> => {
  await client().app.leave({ go });
};

/** Answers an approval card. Null says only that it was taken; what became of it comes with the decisions. */
export async function approveSignal(signalId: number, yes: boolean): Promise<string | null> {
  try {
    await client().signals.approve({ signalId, yes });
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** Calls the rest of a wave off, or lets it go on. Answers why not, or null. */
export async function pauseWave(waveTime: UnixMs, on: boolean): Promise<string | null> {
  try {
    await client().signals.pauseWave({ waveTime, on });
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}

/** Asks for a market exit of all open positions of a wave. Answers why not, or null; results come with the positions. */
export async function flattenWave(waveTime: UnixMs, ticket: string): Promise<string | null> {
  try {
    await client().signals.flattenWave({ waveTime, ticket });
    return null;
  } catch (error) {
    return whyRefused(error);
  }
}
