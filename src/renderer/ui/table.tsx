import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import './table.css';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** Said in the header, not in each cell. */
  readonly unit?: string;
  readonly hint?: string;
  /** CSS grid track, e.g. "minmax(90px, 1fr)". */
  readonly width: string;
  readonly align?: 'right';
  readonly cell: (row: T) => ReactNode;
  /** Without it the column cannot be sorted. Null sorts last either way. */
  readonly sortBy?: (row: T) => number | string | null;
}

interface Sorting {
  readonly id: string;
  readonly down: boolean;
}
export interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  /** Narrowest width at which the columns stay readable; below it the table scrolls sideways inside itself. */
  readonly minWidth: number;
  readonly rowHeight?: number;
  readonly selected?: string | null;
  readonly rowClass?: (row: T) => string | undefined;
  readonly onOpen?: (row: T) => void;
  readonly onNearEnd?: () => void;
  readonly total?: number;
}

/** A table with ARIA roles and virtual rows: only what is seen is in the page, however long the list is. */
export function Table<T>(props: TableProps<T>) {
  const { columns, rows, rowHeight = 26 } = props;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: 26,
    getItemKey: (index) => props.rowId(sorted[index] as T),
    onChange: (state) => {
      const last = state.getVirtualItems().at(-1);
      if (last !== undefined && last.index >= sorted.length - 20) props.onNearEnd?.();
    },
  });
  const tracks = columns.map((column) => column.width).join(' ');

  const move = (event: KeyboardEvent<HTMLDivElement>, index: number) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      props.onOpen?.(sorted[index] as T);
      return;
    }
    const next = index + (event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0);
    if (next === index || next < 0 || next >= sorted.length) return;
    event.preventDefault();
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus(),
    );
  };

  return (
    <div className="table-scroller" ref={scroller}>
      {/* biome-ignore-start lint/a11y/useFocusableInteractive: only rows that open something take the focus */}
      {/* biome-ignore-start lint/a11y/useSemanticElements: virtual rows are placed freely, which <table> cannot */}
      <div
        role="table"
        aria-label={props.label}
        aria-rowcount={(props.total ?? sorted.length) + 1}
        className="table"
        style={{ minWidth: props.minWidth }}
      >
        <div role="rowgroup" className="table-head">
          <div role="row" aria-rowindex={1} className="table-row" style={{ gridTemplateColumns: tracks }}>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = sorted[item.index] as T;
            const id = props.rowId(row);
            const openable = props.onOpen !== undefined;
            return (
              <div
                role="row"
                key={item.key}
                data-index={item.index}
                data-id={id}
                aria-rowindex={item.index + 2}
                aria-selected={props.selected === undefined ? undefined : props.selected === id}
                tabIndex={openable ? 0 : undefined}
                className={`table-row ${openable ? 'openable' : ''} ${props.selected === id ? 'selected' : ''} ${props.rowClass?.(row) ?? ''}`}
                style={{
                  gridTemplateColumns: tracks,
                  height: item.size,
                  transform: `translateY(${item.start}px)`,
                }}
                onClick={openable ? () => props.onOpen?.(row) : undefined}
                onKeyDown={openable ? (event) => move(event, item.index) : undefined}
              >
                {columns.map((column) => (
                  <div
                    role="cell"
                    key={column.id}
                    className={column.align === 'right' ? 'cell right' : 'cell'}
                  >
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {/* biome-ignore-end lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore-end lint/a11y/useFocusableInteractive: see above */}
    </div>
  );
}

function HeaderCell<T>(props: {
  column: Column<T>;
  sorting: Sorting | null;
  onSort: (next: Sorting | null) => void;
}) {
  const { column, sorting } = props;
  const own = sorting?.id === column.id ? sorting : null;
  const text = (
    <>
      {column.header}
      {column.unit !== undefined && <span className="unit">{column.unit}</span>}
    </>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: see Table
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div
      role="columnheader"
      className={column.align === 'right' ? 'cell right' : 'cell'}
      title={column.hint}
      aria-sort={own === null ? undefined : own.down ? 'descending' : 'ascending'}
    >
      {column.sortBy === undefined ? (
        text
      ) : (
        <button
          type="button"
          className="sort"
          onClick={() =>
            props.onSort(
              own === null ? { id: column.id, down: true } : own.down ? { ...own, down: false } : null,
            )
          }
        >
          {text}
          {own !== null && <span aria-hidden="true">{own.down ? ' ↓' : ' ↑'}</span>}
        </button>
      )}
    </div>
  );
}

/** Rows in the order of the chosen column, unknown last; the given order when none is chosen. */
export function sortRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sorting: Sorting | null,
): readonly T[] {
  const sortBy = columns.find((column) => column.id === sorting?.id)?.sortBy;
  if (sorting === null || sortBy === undefined) return rows;
  const sign = sorting.down ? -1 : 1;
  return rows
    .map((row) => ({ row, by: sortBy(row) }))
    .sort((a, b) => {
      if (a.by === b.by) return 0;
      if (a.by === null) return 1;
      if (b.by === null) return -1;
      return a.by < b.by ? -sign : sign;
    })
    .map(({ row }) => row);
}
