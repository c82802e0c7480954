import type { ReactNode } from 'react';

/** A small set of alternatives, one of which holds: a radio group that looks like a row of words. */
export function Choice<T extends string>(props: {
  label: string;
  options: readonly { readonly value: T; readonly text: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
}) {
  const step = (by: number) => {
    const at = props.options.findIndex((option) => option.value === props.value);
    const next = props.options[(at + by + props.options.length) % props.options.length];
    if (next !== undefined) props.onChange(next.value);
  };
  return (
    <div
      className="choice"
      role="radiogroup"
      aria-label={props.label}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (by === 0) return;
        event.preventDefault();
        step(by);
        const { currentTarget } = event;
        requestAnimationFrame(() =>
          currentTarget.querySelector<HTMLElement>('[aria-checked="true"]')?.focus(),
        );
      }}
    >
      {props.options.map((option) => (
        // biome-ignore lint/a11y/useSemanticElements: a button row; native radios cannot be styled as words
        <button
          type="button"
          role="radio"
          key={option.value}
          aria-checked={option.value === props.value}
          tabIndex={option.value === props.value ? 0 : -1}
          onClick={() => props.onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}
