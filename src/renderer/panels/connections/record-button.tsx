import { useState } from 'react';
import type { Recording } from '#shared/domain/recording';
import { recordFrames } from '../../state/actions';
import { useRecording } from '../../state/recording';
import { bytesText, groupThousands } from '../../ui/format';
import { Age } from '../../ui/value';

/** Records what the sockets say, for looking into a strange frame later: one button, what it writes, what became of it. */
export function RecordButton() {
  const recording = useRecording((state) => state.recording);
  const [scrub, setScrub] = useState(true);
  const [trouble, setTrouble] = useState<string | null>(null);
  if (recording === null) return null;
  const on = recording.kind === 'recording';
  return (
    <section className="record" aria-label="Recording of raw frames">
      <button
        type="button"
        className="button"
        aria-pressed={on}
        title={
          on
            ? 'Stop, and keep the file'
            : 'Write every frame of every socket into a file of the profile, without keys'
        }
        onClick={async () => setTrouble(await recordFrames(!on, scrub))}
      >
        <span className={`dot ${on ? 'bad' : 'idle'}`} aria-hidden="true" />{' '}
        {on ? 'Stop recording' : 'Record frames'}
      </button>
      {!on && (
        <label className="soft">
          <input type="checkbox" checked={scrub} onChange={(event) => setScrub(event.target.checked)} />{' '}
          without account data
        </label>
      )}
      <span className="record-state num" role="status">
        <State recording={recording} />
      </span>
      {trouble !== null && <span className="warn">{trouble}</span>}
    </section>
  );
}

const frames = (count: number): string =>
  `${groupThousands(String(count))} ${count === 1 ? 'frame' : 'frames'}`;

function State({ recording }: { readonly recording: Recording }) {
  if (recording.kind === 'recording')
    return (
      <>
        <span className="mono">{recording.fileName}</span>, {frames(recording.frames)},{' '}
        {bytesText(recording.bytes)}, <Age at={recording.startedAt} clock="wall" />
        {recording.scrubbed ? ', without account data' : ', with account data'}
        {recording.leftOut > 0 && <span className="warn">, {frames(recording.leftOut)} left out</span>}
      </>
    );
  const { last } = recording;
  if (last === null) return null;
  return (
    <>
      {last.problem === null ? (
        'Recorded '
      ) : (
        <span className="warn">The recording ended: {last.problem}. Kept so far: </span>
      )}
      <span className="mono">recordings/{last.fileName}</span>, {frames(last.frames)}, {bytesText(last.bytes)}
    </>
  );
}
