import type { ProviderStatus } from '#shared/contract/signals';
import type { Mode } from '#shared/domain/exchange';
import { ProviderSettings } from '#shared/domain/provider';
import type { Settings } from '#shared/domain/settings';
import type { SignalClient } from '../signals/index';

/** Who sends the signals: the practice server of our own, or the host of the server that the settings name. */
export function providerOf(mode: Mode, settings: Settings): { readonly id: string; readonly name: string } {
  if (mode === 'practice') return { id: 'practice', name: 'Practice signals' };
  const host = hostOf(settings.signalServer.url);
  return { id: host, name: host };
}

/** A provider nobody has decided about is only observed; the practice server is ours, and its money is not real. */
export function providerSettings(mode: Mode, settings: Settings): ProviderSettings {
  const known = settings.providers[providerOf(mode, settings).id];
  return known ?? ProviderSettings.parse(mode === 'practice' ? { mode: 'auto' } : {});
}

export function providerStatus(mode: Mode, settings: Settings, client: SignalClient | null): ProviderStatus {
  const stats = client?.stats();
  return {
    ...providerOf(mode, settings),
    settings: providerSettings(mode, settings),
    state: stats?.state ?? null,
    connectedAt: stats?.connectedAt ?? null,
    lastSignalAt: stats?.lastSignalTime ?? null,
    signalsReceived: stats?.signalsReceived ?? 0,
    bad: stats?.bad ?? {},
    reconnections: stats?.reconnections ?? 0,
    bytesReceived: stats?.totalBytesReceived ?? 0,
    buffered: stats?.bufferedSignals ?? 0,
    queryIntervalSeconds: stats?.session?.queryInterval ?? null,
    signalWindowMinutes: stats?.session?.signalWindow ?? null,
    missedFrames: stats?.missedFrames ?? null,
  };
}

function hostOf(url: string): string {
  try {
    return new URL(url).host || url;
  } catch {
    return url;
  }
}
