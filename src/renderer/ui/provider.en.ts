import type { ProviderMode } from '#shared/domain/provider';

export const PROVIDER_MODES: Record<ProviderMode, { readonly word: string; readonly means: string }> = {
  observe: {
    word: 'Observe',
    means: 'Signals are recorded and decided in the ledger. Nothing is ordered.',
  },
  paper: {
    word: 'Paper',
    means: 'Signals are traded on the paper account, at real prices. No real money.',
  },
  approve: {
    word: 'Approve each',
    means: 'Each chosen signal asks you first. No answer in time is a no.',
  },
  auto: { word: 'Auto', means: 'Chosen signals are ordered without asking, within your limits.' },
};

const STATES: Readonly<Record<string, string>> = {
  disconnected: 'not connected',
  connecting: 'connecting',
  connected: 'connected, signing in',
  authenticated: 'signed in',
  reconnecting: 'connecting again',
  refused: 'refused',
};
/** State of the line to the signal server. */
export const providerState = (state: string | null): string =>
  state === null ? 'not connected' : (STATES[state] ?? state);

/** "missing_field" reads "missing field". */
export const badReason = (code: string): string => code.replace(/[_-]/g, ' ');
