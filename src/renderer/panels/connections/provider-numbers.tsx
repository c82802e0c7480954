import { useProvider } from '../../state/provider';
import { bytesText, groupThousands, UNKNOWN } from '../../ui/format';
import { badReason, PROVIDER_MODES, providerState } from '../../ui/provider.en';
import { Age } from '../../ui/value';

/** What the signal server says of itself, what was wrong with what it sent, and what never came. */
export function ProviderNumbers() {
  const status = useProvider((state) => state.status);
  if (status === null) return null;
  const bad = Object.entries(status.bad).filter(([, count]) => count > 0);
  const count = (value: number) => groupThousands(String(value));
  return (
    <section className="provider-numbers" aria-label="Signal provider">
      <h3>
        {status.name} <span className="soft">{PROVIDER_MODES[status.settings.mode].word}</span>
      </h3>
      <dl>
        <Figure name="State">{providerState(status.state)}</Figure>
        <Figure name="Since">
          <Age at={status.connectedAt} clock="wall" />
        </Figure>
        <Figure name="Last signal">
          <Age at={status.lastSignalAt} clock="wall" ago />
        </Figure>
        <Figure name="Signals">{count(status.signalsReceived)}</Figure>
        <Figure name="Waiting for a wave">{count(status.buffered)}</Figure>
        <Figure name="Asks its source every">
          {status.queryIntervalSeconds === null ? UNKNOWN : `${status.queryIntervalSeconds} s`}
        </Figure>
        <Figure name="Signal window">
          {status.signalWindowMinutes === null ? UNKNOWN : `${status.signalWindowMinutes} min`}
        </Figure>
        <Figure name="Received">{bytesText(status.bytesReceived)}</Figure>
        <Figure name="Reconnections">{count(status.reconnections)}</Figure>
        <Figure
          name="Missed sequence numbers"
          title={status.missedFrames === null ? 'This server does not number its messages' : undefined}
          loud={(status.missedFrames ?? 0) > 0}
        >
          {status.missedFrames === null ? UNKNOWN : count(status.missedFrames)}
        </Figure>
      </dl>
      <p className={bad.length > 0 ? 'warn' : 'hint'}>
        {bad.length === 0
          ? 'Every signal could be read.'
          : `Not readable: ${bad.map(([code, times]) => `${badReason(code)} ${count(times)}`).join(' · ')}.`}
      </p>
    </section>
  );
}

const Figure = (props: {
  name: string;
  title?: string | undefined;
  loud?: boolean;
  children: React.ReactNode;
}) => (
  <div title={props.title}>
    <dt>{props.name}</dt>
    <dd className={`num ${props.loud ? 'warn' : ''}`}>{props.children}</dd>
  </div>
);
