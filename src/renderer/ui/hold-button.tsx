import { type ReactNode, useEffect, useRef, useState } from 'react';
import './hold-button.css';

const HOLD_MS = 1000;

/**
 * A button for what must not happen by accident: it acts only when held for a second, by mouse, touch, Enter or
 * Space. Letting go earlier does nothing.
 */
export function HoldButton(props: {
  children: ReactNode;
  label: string;
  kind: 'danger' | 'plain';
  onHeld: () => void;
  disabled?: boolean;
}) {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const begin = () => {
    if (props.disabled || timer.current !== undefined) return;
    setHolding(true);
    timer.current = setTimeout(() => {
      cancel();
      props.onHeld();
    }, HOLD_MS);
  };
  const cancel = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setHolding(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const isPress = (key: string) => key === 'Enter' || key === ' ';
  return (
    <button
      type="button"
      className={`hold hold-${props.kind} ${holding ? 'holding' : ''}`}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onPointerDown={(event) => event.button === 0 && begin()}
      onPointerUp={cancel}
      onPointerLeave={cancel}
      onPointerCancel={cancel}
      onBlur={cancel}
      onKeyDown={(event) => {
        if (!isPress(event.key)) return;
        event.preventDefault();
        begin();
      }}
      onKeyUp={(event) => isPress(event.key) && cancel()}
    >
      <span className="hold-fill" />
      <span className="hold-text">{props.children}</span>
    </button>
  );
}
